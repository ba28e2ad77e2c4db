-- The origination pool exists on creditable marketing deals, on all of them, and on no other deal.
with originated as (
    select distinct deal_id from {{ ref('int_pool_shares') }} where pool = 'origination'
)

select
    sources.deal_id,
    sources.source,
    sources.is_creditable,
    originated.deal_id is not null as has_originators
from {{ ref('fct_deal_sources') }} as sources
left join originated on sources.deal_id = originated.deal_id
where (sources.source = 'marketing' and sources.is_creditable) != (originated.deal_id is not null)
