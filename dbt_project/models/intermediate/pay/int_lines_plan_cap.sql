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
    where status in ('earned', 'released')
),

-- a cap for some departments is for months with a role in them
some_departments as (
    select distinct
        caps.plan_hash,
        caps.component_id
    from caps
    inner join {{ source('plans', 'plan_departments') }} as departments on caps.plan_hash = departments.plan_hash
    left join {{ source('plans', 'component_departments') }} as limited
        on caps.plan_hash = limited.plan_hash
        and caps.component_id = limited.component_id
        and departments.department = limited.department
    where limited.department is null
),

members as (
    {{ component_role_days(['plan_cap']) }}
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
    left join some_departments
        on caps.plan_hash = some_departments.plan_hash and caps.component_id = some_departments.component_id
    left join members
        on caps.plan_hash = members.plan_hash
        and caps.component_id = members.component_id
        and payable.employee_id = members.employee_id
        and payable.origin_period = members.period
    where some_departments.component_id is null or members.employee_id is not null
),

cap_lines as (
    {{ cap_lines('limited', ['component_id', 'plan_id', 'plan_hash']) }}
),

limits as (
    {{ cap_limits('cap_lines', "select plan_hash, component_id, excess from caps") }}
),

final as (
    {{ settle_limits('limits', 'cap') }}
)

select * from final
