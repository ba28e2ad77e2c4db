-- One row per component, employee and month whose monthly lines depend on a row in quarantine: through a month that they are
-- computed from, or through a KPI or a course that the component asks for in such a month.
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

months as (
    select
        lines.*,
        months.period as unread_period
    from looking_back as lines
    inner join {{ ref('int_unread_months') }} as months
        on lines.employee_id = months.employee_id
        and months.kind = case lines.component when 'points' then 'points' when 'contribution' then 'contacts' else 'month' end
    union all
    select
        lines.*,
        kpis.period as unread_period
    from looking_back as lines
    inner join asked on lines.plan_hash = asked.plan_hash and lines.component_id = asked.component_id
    inner join {{ ref('int_unread_kpis') }} as kpis
        on lines.employee_id = kpis.employee_id
        and asked.kind = kpis.kind
        and kpis.asked_id in ('', asked.asked_id)
),

final as (
    select distinct
        component,
        component_id,
        plan_hash,
        employee_id,
        period
    from months
    where period >= unread_period
        and {{ add_months(period_start('period'), '-cast(months_back as integer)') }} <= {{ period_start('unread_period') }}
)

select * from final
