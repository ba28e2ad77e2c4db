-- One row per cap line of a plan: over all its payable lines, component caps and floors included (rulebook 4.3).
with caps as (
    select * from {{ source('plans', 'plan_caps') }}
),

payable as (
    select plan_id, plan_hash, employee_id, period, origin_period, currency, amount
    from {{ ref('int_lines_settled') }}
    where status in ('earned', 'released')
    union all
    select plan_id, plan_hash, employee_id, period, origin_period, currency, amount
    from {{ ref('int_lines_component_cap') }}
),

limited as (
    select
        caps.component_id,
        payable.plan_id,
        payable.plan_hash,
        payable.employee_id,
        payable.period,
        payable.origin_period,
        payable.currency,
        caps.amount as cap_amount,
        caps.excess as cap_excess,
        payable.amount
    from payable
    inner join caps on payable.plan_hash = caps.plan_hash
),

final as (
    {{ cap_lines('limited', ['component_id', 'plan_id', 'plan_hash']) }}
)

select * from final
