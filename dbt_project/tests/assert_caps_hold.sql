-- No cap is exceeded at any time: payable lines and cap lines together stay at or below the cap. Lost excess: per month
-- of origin, after every month of posting; carried excess: per month of posting. Components, then whole plans.
with payable as (
    select
        employee_id,
        plan_hash,
        component,
        component_id,
        period,
        origin_period,
        currency,
        amount
    from {{ ref('fct_payout_lines') }}
    where status in ('earned', 'released', 'paid') and component not in ('draw', 'adjustment', 'true_up')
),

plan_caps as (
    select * from {{ source('plans', 'plan_caps') }}
),

capped as (
    select
        payable.employee_id,
        payable.plan_hash,
        caps.component_id,
        payable.currency,
        case when caps.cap_excess = 'lost' then payable.origin_period else payable.period end as month,
        caps.cap_amount,
        payable.period,
        payable.amount
    from payable
    inner join {{ source('plans', 'commission_caps') }} as caps
        on payable.plan_hash = caps.plan_hash
        and payable.component_id = caps.component_id
        and caps.cap_amount is not null
    union all
    select
        payable.employee_id,
        payable.plan_hash,
        plan_caps.component_id,
        payable.currency,
        case when plan_caps.excess = 'lost' then payable.origin_period else payable.period end as month,
        plan_caps.amount as cap_amount,
        payable.period,
        payable.amount
    from payable
    inner join plan_caps on payable.plan_hash = plan_caps.plan_hash
),

posted as (
    select
        employee_id,
        plan_hash,
        component_id,
        currency,
        month,
        period,
        cap_amount,
        sum(amount) as amount
    from capped
    group by employee_id, plan_hash, component_id, currency, month, period, cap_amount
),

final as (
    select
        posted.*,
        sum(amount) over (
            partition by employee_id, plan_hash, component_id, currency, month
            order by period asc rows between unbounded preceding and current row
        ) as paid_amount
    from posted
)

select *
from final
where paid_amount > cap_amount
