-- One row per employee, component that counts days in role, and month: the days, and the bonus base times them.
with days as (
    {{ component_role_days(
        ['commission', 'draw', 'growth_bonus', 'scorecard', 'task'],
        "(
            components.component_type not in ('commission', 'growth_bonus')
            or components.component_id in (
                select caps.component_id from " ~ source('plans', 'commission_caps') ~ " as caps where caps.floor_amount is not null
            )
            or components.component_id in (
                select rules.component_id from " ~ source('plans', 'growth_rules') ~ " as rules where rules.basis = 'bonus_base'
            )
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
