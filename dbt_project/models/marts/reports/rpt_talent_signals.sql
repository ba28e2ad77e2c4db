-- One row per employee, month and signal: an assistant whose attainment of the signal's measure was high enough for
-- several months in a row is a candidate for a sales role (rulebook 13).
with tasks as (
    select
        results.employee_id,
        results.period,
        months.starts_on,
        results.measure,
        results.actual,
        results.target,
        rules.talent_months,
        results.target > 0
        and results.actual >= cast(rules.talent_attainment as decimal(10, 6)) * cast(results.target as decimal(20, 6)) as is_met
    from {{ ref('fct_task_results') }} as results
    inner join {{ source('plans', 'task_rules') }} as rules
        on results.plan_hash = rules.plan_hash
        and results.component_id = rules.component_id
        and results.measure = rules.talent_measure
    inner join {{ ref('int_months') }} as months on results.period = months.period
),

met as (
    select
        employee_id,
        starts_on,
        measure,
        max(period || ' ' || {{ short_number('actual', 2) }} || '/' || {{ short_number('target', 2) }}) as evidence
    from tasks
    where is_met
    group by employee_id, starts_on, measure
),

months_met as (
    select
        tasks.employee_id,
        tasks.period,
        tasks.measure,
        tasks.talent_months,
        count(distinct met.starts_on) as met_count,
        {{ string_agg_ordered('met.evidence', '; ') }} as evidence
    from (select distinct employee_id, period, starts_on, measure, talent_months from tasks) as tasks
    inner join met
        on tasks.employee_id = met.employee_id
        and tasks.measure = met.measure
        and met.starts_on <= tasks.starts_on
        and met.starts_on > {{ add_months('tasks.starts_on', '-cast(tasks.talent_months as integer)') }}
    group by tasks.employee_id, tasks.period, tasks.measure, tasks.talent_months
),

final as (
    select
        employee_id,
        period,
        'sales_candidate' as signal,
        measure || ' ' || max(evidence) as evidence
    from months_met
    where met_count = talent_months
    group by employee_id, period, measure
)

select * from final
