-- A deal plus its full refund pays nothing: what flat components paid out on it adds up to zero over all months. (Under
-- a rate table the refund moves the whole interval: see assert_interval_earnings_equal_the_table.)
with refunded as (
    select deal_id
    from {{ ref('int_credited_transactions') }}
    group by deal_id
    having sum(remaining_after - remaining_before) = 0 and min(remaining_after - remaining_before) < 0
),

paid as (
    select
        lines.deal_id,
        lines.component,
        sum(lines.amount) as paid_amount
    from {{ ref('int_payout_lines') }} as lines
    inner join refunded on lines.deal_id = refunded.deal_id
    left join {{ source('plans', 'commission_tables') }} as tables
        on lines.plan_hash = tables.plan_hash and lines.component_id = tables.component_id
    where lines.component in ('origination', 'closing', 'collaboration')
        and lines.status in ('earned', 'released', 'paid')
        and tables.component_id is null
    group by lines.deal_id, lines.component
)

select *
from paid
where paid_amount != 0
