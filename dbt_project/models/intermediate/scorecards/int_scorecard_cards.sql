-- One row per employee, scorecard plan and month: the card, its days in role and its settings (rulebook 9).
with days as (
    {{ component_role_days(['scorecard']) }}
),

segments as (
    select
        components.plan_hash,
        components.component_id,
        assignments.employee_id,
        months.period,
        assignments.department,
        assignments.team_id,
        row_number() over (
            partition by components.plan_hash, components.component_id, assignments.employee_id, months.period
            order by assignments.valid_from desc
        ) as latest_no
    from {{ ref('int_assignments') }} as assignments
    inner join {{ ref('int_components') }} as components
        on assignments.department = components.department
        and (components.position = '' or components.position = assignments.position)
        and components.component_type = 'scorecard'
    inner join {{ ref('int_periods') }} as months
        on greatest(assignments.valid_from, components.valid_from) < months.next_starts_on
        and least(assignments.valid_to, components.valid_to) > months.starts_on
    where greatest(assignments.valid_from, components.valid_from) < least(assignments.valid_to, components.valid_to)
),

final as (
    select
        days.employee_id,
        days.period,
        periods.quarter,
        periods.year,
        periods.ends_on,
        days.plan_id,
        days.plan_hash,
        days.component_id,
        segments.department,
        segments.team_id,
        days.currency,
        days.days_in_role,
        days.days_in_period,
        days.bonus_base_days,
        scorecards.business_weight,
        scorecards.management_weight,
        scorecards.max_attainment,
        scorecards.score_cap,
        scorecards.excluded_policy,
        scorecards.violation_rate,
        scorecards.violation_mode,
        scorecards.service_bonus_points,
        scorecards.service_bonus_group,
        scorecards.min_rectification,
        scorecards.pays_bonus
    from days
    inner join {{ ref('int_periods') }} as periods on days.period = periods.period
    inner join {{ source('plans', 'scorecards') }} as scorecards
        on days.plan_hash = scorecards.plan_hash and days.component_id = scorecards.component_id
    inner join segments
        on days.plan_hash = segments.plan_hash
        and days.component_id = segments.component_id
        and days.employee_id = segments.employee_id
        and days.period = segments.period
        and segments.latest_no = 1
)

select * from final
