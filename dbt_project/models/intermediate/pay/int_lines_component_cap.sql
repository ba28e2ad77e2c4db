-- One row per cap or floor line of a commission component (rulebook 4.3). `lost`: a cap on what each month of origin
-- earned in all, so that a refund takes back only what the cap let through; `carry`: the excess waits for later months.
with caps as (
    select * from {{ source('plans', 'commission_caps') }}
),

payable as (
    select
        lines.component,
        lines.component_id,
        lines.plan_id,
        lines.plan_hash,
        lines.employee_id,
        lines.period,
        lines.origin_period,
        lines.currency,
        lines.amount
    from {{ ref('int_lines_settled') }} as lines
    where lines.status in ('earned', 'released')
),

floor_members as (
    {{ component_role_days(
        ['commission'],
        'components.component_id in (select caps.component_id from caps where caps.floor_amount is not null)'
    ) }}
),

floors as (
    select
        floor_members.employee_id,
        floor_members.plan_id,
        floor_members.plan_hash,
        floor_members.component_id,
        floor_members.currency,
        floor_members.period,
        {{ exact_div(
            'cast(caps.floor_amount as decimal(18, 2)) * floor_members.days_in_role',
            'floor_members.days_in_period',
            2, 2
        ) }} as floor_amount,
        coalesce(sum(payable.amount), 0) as own_amount
    from floor_members
    inner join {{ ref('int_periods') }} as periods on floor_members.period = periods.period
    inner join caps
        on floor_members.plan_hash = caps.plan_hash
        and floor_members.component_id = caps.component_id
        and caps.floor_amount is not null
    left join payable
        on floor_members.employee_id = payable.employee_id
        and floor_members.plan_hash = payable.plan_hash
        and floor_members.component_id = payable.component_id
        and floor_members.period = payable.period
        and payable.period = payable.origin_period
    group by
        floor_members.employee_id,
        floor_members.plan_id,
        floor_members.plan_hash,
        floor_members.component_id,
        floor_members.currency,
        floor_members.period,
        floor_members.days_in_role,
        floor_members.days_in_period,
        caps.floor_amount
),

floor_lines as (
    select
        component_id,
        plan_id,
        plan_hash,
        'floor' as kpi_id,
        employee_id,
        period,
        period as origin_period,
        currency,
        cast(own_amount as decimal(18, 2)) as basis_amount,
        cast(floor_amount - greatest(own_amount, 0) as decimal(18, 2)) as amount
    from floors
    where floor_amount > greatest(own_amount, 0)
),

limited as (
    select
        payable.component_id,
        payable.plan_id,
        payable.plan_hash,
        payable.employee_id,
        payable.period,
        payable.origin_period,
        payable.currency,
        caps.cap_amount,
        caps.cap_excess,
        payable.amount
    from payable
    inner join caps
        on payable.plan_hash = caps.plan_hash
        and payable.component_id = caps.component_id
        and caps.cap_amount is not null
    union all
    select
        floor_lines.component_id,
        floor_lines.plan_id,
        floor_lines.plan_hash,
        floor_lines.employee_id,
        floor_lines.period,
        floor_lines.origin_period,
        floor_lines.currency,
        caps.cap_amount,
        caps.cap_excess,
        floor_lines.amount
    from floor_lines
    inner join caps
        on floor_lines.plan_hash = caps.plan_hash
        and floor_lines.component_id = caps.component_id
        and caps.cap_amount is not null
),

cap_lines as (
    {{ cap_lines('limited', ['component_id', 'plan_id', 'plan_hash']) }}
),

limits as (
    select
        floor_lines.*,
        'floor' as note,
        false as is_due
    from floor_lines
    union all
    {{ cap_limits('cap_lines', "select plan_hash, component_id, cap_excess as excess from caps") }}
),

final as (
    {{ settle_limits('limits', 'cap') }}
)

select * from final
