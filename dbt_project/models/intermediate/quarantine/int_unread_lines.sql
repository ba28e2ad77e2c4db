-- One row per component, employee and month whose monthly lines depend on a row in quarantine: through a month that they are
-- computed from, or through a KPI or a course that the component asks for in such a month; of a team through its members,
-- and through a role in it that cannot be read.
with looking_back as (
    select distinct
        lines.component,
        lines.component_id,
        lines.plan_hash,
        lines.employee_id,
        lines.period,
        case
            when lines.component = 'task' then tasks.history_months
            when growth.baseline_kind = 'last_year' then 12
            when growth.baseline_kind is not null then growth.baseline_months
            when lines.component like 'bonus_%' then cast(extract(month from {{ period_start('lines.period') }}) - 1 as integer) % 3
            else 0
        end as months_back
    from {{ ref('int_lines_monthly') }} as lines
    left join {{ source('plans', 'task_rules') }} as tasks
        on lines.plan_hash = tasks.plan_hash and lines.component_id = tasks.component_id
    left join {{ source('plans', 'growth_rules') }} as growth
        on lines.plan_hash = growth.plan_hash and lines.component_id = growth.component_id
),

asked as (
    select plan_hash, component_id, 'kpi' as kind, kpi_id as asked_id from {{ source('plans', 'scorecard_kpis') }}
    union
    select plan_hash, component_id, 'course' as kind, course_id as asked_id
    from {{ source('plans', 'scorecard_kpis') }}
    where course_id is not null
    union
    select plan_hash, component_id, 'kpi' as kind, measure as asked_id from {{ source('plans', 'task_items') }}
    union
    select plan_hash, component_id, 'kpi' as kind, measure as asked_id from {{ source('plans', 'growth_rules') }}
),

rested_on as (
    select
        employee_id,
        period,
        kind,
        '' as asked_id
    from {{ ref('int_unread_months') }}
    union all
    select
        employee_id,
        period,
        kind,
        asked_id
    from {{ ref('int_unread_kpis') }}
),

unread_roles as (
    select
        unread.source_table,
        {{ json_text('unread.record_json', 'employee_id') }} as employee_id,
        {{ json_text('unread.record_json', 'team_id') }} as team_id,
        coalesce(
            case unread.source_table
                when 'employees' then cast({{ json_text('unread.record_json', 'hire_date') }} as date)
                else unread.valid_from
            end,
            date '1900-01-01'
        ) as valid_from,
        unread.valid_from is not null as is_dated
    from {{ ref('stg_open_quarantine') }} as unread
    where unread.source_table in ('employees', 'employee_assignments')
),

-- a dated role holds until the person's next one
held_roles as (
    select
        roles.team_id,
        roles.valid_from,
        coalesce(min(others.valid_from), date '9999-12-31') as held_until
    from unread_roles as roles
    left join {{ ref('int_assignments') }} as others
        on roles.employee_id = others.employee_id
        and roles.valid_from < others.valid_from
        and roles.source_table = 'employee_assignments'
        and roles.is_dated
    group by roles.employee_id, roles.team_id, roles.valid_from, roles.source_table, roles.is_dated
),

-- the team that a role in quarantine names; a row that names none may be of any team
unread_teams as (
    select distinct
        roles.team_id,
        periods.period
    from held_roles as roles
    inner join {{ ref('int_periods') }} as periods
        on roles.valid_from < periods.next_starts_on
        and roles.held_until >= periods.starts_on
),

-- the figures of a team are those of all who were in it in the month
in_question as (
    select
        lines.*,
        unread.period as unread_period,
        unread.kind,
        unread.asked_id
    from looking_back as lines
    inner join rested_on as unread on lines.employee_id = unread.employee_id
    union all
    select
        lines.*,
        unread.period as unread_period,
        unread.kind,
        unread.asked_id
    from looking_back as lines
    inner join {{ ref('int_employee_periods') }} as own
        on lines.employee_id = own.employee_id and lines.period = own.period and lines.component = 'team_growth'
    inner join {{ ref('int_employee_periods') }} as members on own.team_id = members.team_id
    inner join rested_on as unread
        on members.employee_id = unread.employee_id and members.period = unread.period
    union all
    select
        lines.*,
        unread.period as unread_period,
        'month' as kind,
        '' as asked_id
    from looking_back as lines
    inner join {{ ref('int_employee_periods') }} as own
        on lines.employee_id = own.employee_id and lines.period = own.period and lines.component = 'team_growth'
    inner join unread_teams as unread on own.team_id = coalesce(unread.team_id, own.team_id)
),

final as (
    select distinct
        lines.component,
        lines.component_id,
        lines.plan_hash,
        lines.employee_id,
        lines.period
    from in_question as lines
    left join asked
        on lines.plan_hash = asked.plan_hash
        and lines.component_id = asked.component_id
        and lines.kind = asked.kind
        and lines.asked_id in ('', asked.asked_id)
    where lines.period >= lines.unread_period
        and {{ add_months(period_start('lines.period'), '-cast(lines.months_back as integer)') }}
        <= {{ period_start('lines.unread_period') }}
        and (
            asked.kind is not null
            or lines.kind = case lines.component when 'points' then 'points' when 'contribution' then 'contacts' else 'month' end
        )
)

select * from final
