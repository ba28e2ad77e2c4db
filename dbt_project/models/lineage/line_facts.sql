-- One row per payout line and fact it was computed from: measures, KPIs, targets, courses, contacts (rulebook 6, 7, 9).
with lines as (
    select
        subjects.*,
        periods.starts_on,
        periods.ends_on
    from {{ ref('line_subjects') }} as subjects
    inner join {{ ref('int_periods') }} as periods on subjects.period = periods.period
),

months as (
    select period, starts_on from {{ ref('int_periods') }}
),

-- a plan names a measure, or else a KPI
known_measures as (
    select distinct measure from {{ ref('fct_measures') }}
),

-- the months before count for the capability profile
task_items as (
    select
        lines.line_id,
        lines.employee_id,
        lines.period,
        lines.starts_on,
        results.measure,
        case when results.profile = 'unprofiled' then 0 else rules.history_months end as months_back
    from lines
    inner join {{ ref('fct_task_results') }} as results
        on lines.employee_id = results.employee_id
        and lines.period = results.period
        and lines.plan_hash = results.plan_hash
        and lines.component_id = results.component_id
    inner join {{ source('plans', 'task_rules') }} as rules
        on lines.plan_hash = rules.plan_hash and lines.component_id = rules.component_id
    where lines.component = 'task'
),

task_figures as (
    select line_id, employee_id, starts_on, measure, months_back from task_items
    {%- for measure in ['new_customer_amount', 'repurchase_amount'] %}
    union
    select line_id, employee_id, starts_on, '{{ measure }}' as measure, months_back
    from task_items
    where months_back > 0
    {%- endfor %}
),

-- the team of the last day of the month in a role that the component covers
teams as (
    select
        lines.line_id,
        assignments.team_id,
        row_number() over (partition by lines.line_id order by assignments.valid_from desc) as latest_no
    from lines
    inner join {{ ref('dim_plan_component') }} as components
        on lines.plan_hash = components.plan_hash and lines.component_id = components.component_id
    inner join {{ ref('int_assignments') }} as assignments
        on lines.employee_id = assignments.employee_id
        and components.department = assignments.department
        and (components.position = '' or components.position = assignments.position)
        and greatest(assignments.valid_from, components.valid_from) <= lines.ends_on
        and least(assignments.valid_to, components.valid_to) > lines.starts_on
    where lines.component = 'team_growth'
),

growth as (
    select
        lines.line_id,
        rules.scope,
        case when rules.scope = 'team' then teams.team_id else lines.employee_id end as subject_id,
        months.period,
        rules.measure
    from lines
    inner join {{ source('plans', 'growth_rules') }} as rules
        on lines.plan_hash = rules.plan_hash and lines.component_id = rules.component_id
    left join teams on lines.line_id = teams.line_id and teams.latest_no = 1
    inner join months
        on months.starts_on = lines.starts_on
        or (
            rules.baseline_kind = 'previous_months'
            and months.starts_on < lines.starts_on
            and months.starts_on >= {{ add_months('lines.starts_on', '-cast(rules.baseline_months as integer)') }}
        )
        or (rules.baseline_kind = 'last_year' and months.starts_on = {{ add_months('lines.starts_on', -12) }})
    where lines.component in ('growth_bonus', 'team_growth')
),

-- a stock rests on all movements before it
items as (
    select
        lines.line_id,
        lines.component,
        lines.employee_id,
        lines.period,
        lines.starts_on,
        items.kpi_id,
        items.course_id,
        coalesce(figures.is_observed, false) as is_observed,
        case
            when items.kpi_id = 'new_customers' then 2
            when items.kpi_id = 'brand_awareness_lift' then 5
            when items.kpi_id like 'material_%' and items.kpi_id != 'material_request_hours' then 1200
            else 0
        end as months_back
    from lines
    inner join {{ ref('fct_scorecard_items') }} as items
        on lines.employee_id = items.employee_id
        and lines.period = items.period
        and lines.plan_hash = items.plan_hash
        and lines.component_id = items.component_id
        and lines.component = 'bonus_' || items.{{ adapter.quote('group') }}
    left join {{ ref('fct_kpi_values') }} as figures
        on items.employee_id = figures.employee_id
        and items.period = figures.period
        and items.kpi_id = figures.kpi_id
),

facts as (
    select figures.line_id, case when known.measure is null then 'kpi' else 'measure' end as kind, 'employee' as scope, figures.employee_id as subject_id, months.period, figures.measure as name
    from task_figures as figures
    left join known_measures as known on figures.measure = known.measure
    inner join months
        on months.starts_on <= figures.starts_on
        and months.starts_on >= {{ add_months('figures.starts_on', '-cast(figures.months_back as integer)') }}
    union all
    select line_id, 'target' as kind, 'employee' as scope, employee_id as subject_id, period, measure as name
    from task_items
    union all
    select growth.line_id, case when known.measure is null then 'kpi' else 'measure' end as kind, growth.scope, growth.subject_id, growth.period, growth.measure as name
    from growth
    left join known_measures as known on growth.measure = known.measure
    union all
    select line_id, 'contacts' as kind, 'employee' as scope, employee_id as subject_id, period, 'activities' as name
    from lines
    where component = 'contribution'
    union all
    select items.line_id, 'kpi' as kind, 'employee' as scope, items.employee_id as subject_id, months.period, items.kpi_id as name
    from items
    inner join months
        on months.starts_on <= items.starts_on
        and months.starts_on >= {{ add_months('items.starts_on', '-items.months_back') }}
    where not items.is_observed or months.starts_on = items.starts_on
    union all
    select line_id, 'target' as kind, 'employee' as scope, employee_id as subject_id, period, kpi_id as name
    from items
    union all
    select line_id, 'target' as kind, 'employee' as scope, employee_id as subject_id, period, case kpi_id when 'sales_amount_attainment' then 'sales_amount' else 'units' end as name
    from items
    where kpi_id in ('sales_amount_attainment', 'sales_volume_attainment')
    union all
    select line_id, 'course' as kind, 'employee' as scope, employee_id as subject_id, period, course_id as name
    from items
    where course_id is not null
    union all
    select line_id, 'violations' as kind, 'employee' as scope, employee_id as subject_id, period, 'policy_violations' as name
    from lines
    where component = 'bonus_management'
),

observed as (
    select employee_id, period, kpi_id, 'kpi' as kind from {{ ref('fct_kpi_values') }} where is_observed
)

-- what the company observed itself replaces what was computed
select distinct
    facts.line_id,
    case when observed.kpi_id is not null then 'observation' else facts.kind end as kind,
    facts.scope,
    facts.subject_id,
    facts.period,
    facts.name
from facts
left join observed
    on facts.kind = observed.kind
    and facts.subject_id = observed.employee_id
    and facts.period = observed.period
    and facts.name = observed.kpi_id
where facts.subject_id is not null
union all
-- the visits and signings themselves, whatever was observed
select
    line_id,
    'kpi' as kind,
    'employee' as scope,
    employee_id as subject_id,
    period,
    'lead_conversion' as name
from lines
where component = 'process_bonus'
