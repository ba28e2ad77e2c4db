-- One row per employee (or seller's team), growth component and month: growth against the baseline and the rate it
-- reaches. Steps are compared by cross-multiplication, so that exactly 20 % is 20 % (rulebook 7).
with members as (
    {{ component_role_days(['growth_bonus', 'team_growth']) }}
),

rules as (
    select * from {{ source('plans', 'growth_rules') }}
),

-- the team of the last day of the month in a role that the component covers
last_teams as (
    select
        roles.employee_id,
        roles.period,
        components.plan_hash,
        components.component_id,
        roles.team_id,
        row_number() over (
            partition by roles.employee_id, roles.period, components.plan_hash, components.component_id
            order by roles.in_role_from desc
        ) as latest_no
    from {{ ref('int_employee_periods') }} as roles
    inner join {{ ref('int_components') }} as components
        on roles.department = components.department
        and (components.position = '' or components.position = roles.position)
        and roles.in_role_from < components.valid_to
        and {{ add_days('roles.in_role_from', 'cast(roles.days_in_role as integer)') }} > components.valid_from
    where components.component_type = 'team_growth'
),

subjects as (
    select
        members.employee_id,
        members.plan_id,
        members.plan_hash,
        members.component_id,
        members.component_type,
        members.currency,
        members.period,
        members.days_in_period,
        members.bonus_base_days,
        rules.scope,
        case when rules.scope = 'team' then last_teams.team_id else members.employee_id end as scope_id,
        rules.measure,
        rules.baseline_kind,
        coalesce(rules.baseline_months, 1) as baseline_months,
        rules.base_rate,
        rules.basis,
        rules.applies_on,
        rules.award
    from members
    inner join {{ ref('int_periods') }} as periods on members.period = periods.period
    inner join rules on members.plan_hash = rules.plan_hash and members.component_id = rules.component_id
    left join last_teams
        on members.employee_id = last_teams.employee_id
        and members.period = last_teams.period
        and members.plan_hash = last_teams.plan_hash
        and members.component_id = last_teams.component_id
        and last_teams.latest_no = 1
),

valued as (
    select
        subjects.*,
        growth.value,
        growth.baseline_count,
        growth.baseline_sum,
        case when growth.baseline_sum > 0 then growth.baseline_sum end as compared_sum,
        cast(growth.value * growth.baseline_count - growth.baseline_sum as decimal(28, 6)) as gained_sum
    from subjects
    left join {{ ref('int_growth_values') }} as growth
        on subjects.scope = growth.scope
        and subjects.scope_id = growth.scope_id
        and subjects.period = growth.period
        and subjects.measure = growth.measure
        and subjects.baseline_kind = growth.baseline_kind
        and subjects.baseline_months = growth.baseline_months
    where subjects.scope_id is not null
),

stepped as (
    select
        valued.employee_id,
        valued.plan_hash,
        valued.component_id,
        valued.period,
        max(steps.rate) as step_rate,
        max(steps.step_no) as step_no
    from valued
    inner join {{ source('plans', 'growth_steps') }} as steps
        on valued.plan_hash = steps.plan_hash
        and valued.component_id = steps.component_id
        and cast(valued.value as decimal(24, 6)) * valued.baseline_count
        >= cast(1 + steps.min_growth as decimal(12, 6)) * cast(valued.compared_sum as decimal(24, 6))
    group by valued.employee_id, valued.plan_hash, valued.component_id, valued.period
),

final as (
    select
        valued.*,
        {{ exact_div('valued.baseline_sum', 'valued.baseline_count', 6, 6) }} as baseline,
        {{ exact_div('valued.gained_sum', 'valued.compared_sum', 6, 6) }} as growth,
        coalesce(reached.rate, valued.base_rate) as rate
    from valued
    left join stepped
        on valued.employee_id = stepped.employee_id
        and valued.plan_hash = stepped.plan_hash
        and valued.component_id = stepped.component_id
        and valued.period = stepped.period
    left join {{ source('plans', 'growth_steps') }} as reached
        on stepped.plan_hash = reached.plan_hash
        and stepped.component_id = reached.component_id
        and stepped.step_no = reached.step_no
)

select * from final
