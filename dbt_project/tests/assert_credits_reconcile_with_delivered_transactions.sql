-- From the source: under the signed basis, what is credited of a deal in the end is its amount less its refunds and
-- cancellations, never below zero, in the base currency. Deals with transactions in another currency are left out: they
-- are converted first.
with takings as (
    select
        transactions.deal_id,
        sum(abs(transactions.amount)) as taken_amount,
        max(case when transactions.currency != deals.currency then 1 else 0 end) as has_other_currency
    from {{ ref('stg_transactions') }} as transactions
    inner join {{ ref('stg_deals') }} as deals on transactions.deal_id = deals.deal_id
    where transactions.kind in ('refund', 'cancellation')
    group by transactions.deal_id
),

expected as (
    select
        deals.deal_id,
        case
            when takings.taken_amount is null then {{ exact_mul('deals.amount', 'deals.fx_rate') }}
            else {{ exact_mul('greatest(deals.amount - takings.taken_amount, 0)', 'deals.fx_rate') }}
        end as left_amount
    from {{ ref('int_deals') }} as deals
    left join takings on deals.deal_id = takings.deal_id
    where deals.is_creditable and deals.basis = 'signed' and coalesce(takings.has_other_currency, 0) = 0
),

credited as (
    select
        deal_id,
        sum(credited_amount) as credited_amount
    from {{ ref('fct_credits') }}
    where pool = 'closing'
    group by deal_id
)

select
    expected.deal_id,
    expected.left_amount,
    credited.credited_amount
from expected
left join credited on expected.deal_id = credited.deal_id
where credited.credited_amount is null or credited.credited_amount != expected.left_amount
