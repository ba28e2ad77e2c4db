-- One row per employee, component that counts days in role, and month: the days, and the bonus base times them.
with floors as (
    select component_id from {{ source('plans', 'commission_caps') }} where floor_amount is not null
),

on_bonus_base as (
    select component_id from {{ source('plans', 'growth_rules') }} where basis = 'bonus_base'
),

days as (
    {{ component_role_days(
        ['commission', 'draw', 'growth_bonus', 'scorecard', 'task'],
        "(
            components.component_type not in ('commission', 'growth_bonus')
            or components.component_id in (select floors.component_id from floors)
            or components.component_id in (select on_bonus_base.component_id from on_bonus_base)
        )"
    ) }}
)

select
    days.employee_id,
    days.period,
    days.component_type,
    cast(days.days_in_role as bigint) as days_in_role,
    cast(days.days_in_period as bigint) as days_in_period,
    cast(days.bonus_base_days as decimal(28, 2)) as bonus_base_days,
    days.currency,
    days.plan_id,
    days.component_id,
    days.plan_hash
from days
inner join {{ ref('int_periods') }} as periods on days.period = periods.period
