-- One row per monthly line before holds: points, process bonus, task, growth, team growth, contribution, scorecard.
with points as (
    select
        'points' as component,
        component_id,
        plan_id,
        plan_hash,
        employee_id,
        period,
        currency,
        sum(points) as basis_amount,
        max(point_value) as rate,
        sum(amount) as amount,
        cast(null as {{ dbt.type_string() }}) as kpi_id,
        cast(null as {{ dbt.type_string() }}) as note
    from {{ ref('fct_points') }}
    group by component_id, plan_id, plan_hash, employee_id, period, currency
),

process_bonus as (
    select
        'process_bonus' as component,
        component_id,
        plan_id,
        plan_hash,
        employee_id,
        period,
        currency,
        valid_visits as basis_amount,
        cast(null as decimal(18, 12)) as rate,
        bonus as amount,
        cast(null as {{ dbt.type_string() }}) as kpi_id,
        cast(null as {{ dbt.type_string() }}) as note
    from {{ ref('int_process_months') }}
    where is_reached
),

task_scores as (
    select distinct
        employee_id,
        period,
        component_id,
        plan_hash,
        task_score
    from {{ ref('fct_task_results') }}
    where task_score is not null
),

tasks as (
    select
        'task' as component,
        profiles.component_id,
        profiles.plan_id,
        profiles.plan_hash,
        profiles.employee_id,
        profiles.period,
        profiles.currency,
        {{ exact_div('profiles.bonus_base_days', 'profiles.days_in_period', 2, 2) }} as basis_amount,
        {{ exact_div('scores.task_score', '100', 6, 4) }} as rate,
        {{ exact_div(
            'cast(scores.task_score as decimal(12, 4)) * cast(profiles.bonus_base_days as decimal(20, 2))',
            '100 * profiles.days_in_period',
            2, 6
        ) }} as amount,
        cast(null as {{ dbt.type_string() }}) as kpi_id,
        cast(null as {{ dbt.type_string() }}) as note
    from {{ ref('int_task_profiles') }} as profiles
    inner join task_scores as scores
        on profiles.employee_id = scores.employee_id
        and profiles.plan_hash = scores.plan_hash
        and profiles.component_id = scores.component_id
        and profiles.period = scores.period
    inner join {{ source('plans', 'task_rules') }} as rules
        on profiles.plan_hash = rules.plan_hash and profiles.component_id = rules.component_id
    where rules.pay_basis = 'bonus_base' and profiles.bonus_base_days > 0
),

growth as (
    select
        component,
        component_id,
        plan_id,
        plan_hash,
        employee_id,
        period,
        currency,
        basis_amount,
        rate,
        amount,
        cast(null as {{ dbt.type_string() }}) as kpi_id,
        case when growth is null then 'no_baseline' end as note
    from {{ ref('int_lines_growth') }}
),

contribution as (
    select
        'contribution' as component,
        component_id,
        plan_id,
        plan_hash,
        employee_id,
        period,
        currency,
        {{ round_money('score') }} as basis_amount,
        cast(null as decimal(18, 12)) as rate,
        bonus as amount,
        cast(null as {{ dbt.type_string() }}) as kpi_id,
        cast(null as {{ dbt.type_string() }}) as note
    from {{ ref('int_contribution') }}
    where is_reached
),

scorecard as (
    select
        component,
        component_id,
        plan_id,
        plan_hash,
        employee_id,
        period,
        currency,
        basis_amount,
        rate,
        amount,
        kpi_id,
        note
    from {{ ref('int_lines_scorecard') }}
),

lines as (
    select * from points
    union all
    select * from process_bonus
    union all
    select * from tasks
    union all
    select * from growth
    union all
    select * from contribution
    union all
    select * from scorecard
),

final as (
    select
        lines.component,
        lines.component_id,
        lines.plan_id,
        lines.plan_hash,
        lines.employee_id,
        lines.period,
        lines.currency,
        cast(lines.basis_amount as decimal(18, 2)) as basis_amount,
        cast(lines.rate as decimal(18, 12)) as rate,
        cast(lines.amount as decimal(18, 2)) as amount,
        lines.kpi_id,
        lines.note,
        coalesce(employees.termination_date < periods.starts_on, false) and plans.terminated_policy != 'pay' as is_terminated
    from lines
    inner join {{ ref('int_months') }} as periods on lines.period = periods.period
    inner join {{ source('plans', 'plans') }} as plans on lines.plan_hash = plans.plan_hash
    left join {{ ref('stg_employees') }} as employees on lines.employee_id = employees.employee_id
)

select * from final
