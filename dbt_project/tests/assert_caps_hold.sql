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
    from {{ ref('int_payout_lines') }}
    where status in ('earned', 'released', 'paid') and component not in ('draw', 'adjustment', 'true_up')
),

plan_caps as (
    select
        caps.plan_hash,
        caps.component_id,
        caps.amount,
        caps.excess,
        max(case when limited.department is null then 1 else 0 end) = 1 as is_limited
    from {{ source('plans', 'plan_caps') }} as caps
    inner join {{ source('plans', 'plan_departments') }} as departments on caps.plan_hash = departments.plan_hash
    left join {{ source('plans', 'component_departments') }} as limited
        on caps.plan_hash = limited.plan_hash
        and caps.component_id = limited.component_id
        and departments.department = limited.department
    group by caps.plan_hash, caps.component_id, caps.amount, caps.excess
),

-- a cap for some departments of a plan is for months with a role in them
members as (
    select distinct
        roles.employee_id,
        months.period,
        departments.plan_hash,
        departments.component_id
    from {{ ref('dim_employee') }} as roles
    inner join {{ source('plans', 'component_departments') }} as departments
        on roles.department = departments.department
    inner join {{ ref('int_months') }} as months
        on roles.valid_from < months.next_starts_on and roles.valid_to > months.starts_on
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
    left join members
        on payable.employee_id = members.employee_id
        and payable.origin_period = members.period
        and plan_caps.plan_hash = members.plan_hash
        and plan_caps.component_id = members.component_id
    where not plan_caps.is_limited or members.employee_id is not null
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
