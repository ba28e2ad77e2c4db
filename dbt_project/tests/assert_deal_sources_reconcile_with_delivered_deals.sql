-- Amounts of the classified deals add up to the delivered deals, per month of signing and currency.
with delivered as (
    select
        {{ period_of('signed_date') }} as period,
        currency,
        count(*) as deal_count,
        sum(amount) as total_amount
    from {{ ref('stg_deals') }}
    group by {{ period_of('signed_date') }}, currency
),

classified as (
    select
        period,
        currency,
        count(*) as deal_count,
        sum(amount) as total_amount
    from {{ ref('fct_deal_sources') }}
    group by period, currency
)

select
    coalesce(delivered.period, classified.period) as period,
    coalesce(delivered.currency, classified.currency) as currency,
    delivered.deal_count as delivered_count,
    classified.deal_count as classified_count,
    delivered.total_amount as delivered_amount,
    classified.total_amount as classified_amount
from delivered
full outer join classified on delivered.period = classified.period and delivered.currency = classified.currency
where coalesce(delivered.deal_count, 0) != coalesce(classified.deal_count, 0)
    or coalesce(delivered.total_amount, 0) != coalesce(classified.total_amount, 0)
