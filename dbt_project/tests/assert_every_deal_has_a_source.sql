-- Every delivered deal is classified once, and only delivered deals are.
with classified as (
    select
        deal_id,
        count(source) as source_count
    from {{ ref('fct_deal_sources') }}
    group by deal_id
)

select
    deals.deal_id as delivered_deal_id,
    classified.deal_id as classified_deal_id,
    classified.source_count
from {{ ref('stg_deals') }} as deals
full outer join classified on deals.deal_id = classified.deal_id
where deals.deal_id is null or coalesce(classified.source_count, 0) != 1
