-- One row per fact (kind, scope, subject, month, name) and source record it was made of: line_facts says which facts a
-- payout line rests on.
with periods as (
    select * from {{ ref('int_periods') }}
),

final as (
    select 'measure' as kind, scope, subject_id, period, measure as name, source_table, record_id
    from {{ ref('records_of_measures') }}
    union all
    select 'kpi' as kind, 'employee' as scope, employee_id as subject_id, period, kpi_id as name, source_table, record_id
    from {{ ref('records_of_kpis') }}
    union all
    select 'observation' as kind, 'employee' as scope, coalesce(employee_id, 'UNRESOLVED') as subject_id, {{ last_month_of('period') }} as period, kpi_id as name, source_table, record_id
    from {{ ref('stg_kpi_observations') }}
    union all
    {%- for column in ['period', 'quarter', 'year'] %}
    select 'target' as kind, 'employee' as scope, targets.employee_id as subject_id, periods.period, targets.kpi_id as name, targets.source_table, targets.record_id
    from {{ ref('stg_targets') }} as targets
    inner join periods on targets.period = periods.{{ column }}
    union all
    {%- endfor %}
    select 'course' as kind, 'employee' as scope, results.employee_id as subject_id, periods.period, results.course_id as name, results.source_table, results.record_id
    from {{ ref('stg_course_results') }} as results
    inner join periods on results.completed_date <= periods.ends_on
    union all
    select 'contacts' as kind, 'employee' as scope, employee_id as subject_id, {{ period_of('started_date') }} as period, 'activities' as name, source_table, activity_id as record_id
    from {{ ref('stg_activities') }}
    union all
    select 'violations' as kind, 'employee' as scope, employee_id as subject_id, {{ period_of('occurred_on') }} as period, 'policy_violations' as name, source_table, violation_id as record_id
    from {{ ref('stg_policy_violations') }}
)

select * from final
