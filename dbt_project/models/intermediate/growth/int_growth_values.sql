-- One row per employee or team, month and growth measure: the value, the exact sum of its baseline months and their
-- number. A baseline needs all its months, computed and whole (reading 24); NULL otherwise.
with rules as (
    select distinct
        measure,
        scope,
        baseline_kind,
        coalesce(baseline_months, 1) as baseline_months
    from {{ source('plans', 'growth_rules') }}
),

subjects as (
    select
        'employee' as scope,
        employee_id as scope_id,
        period,
        measure,
        value
    from {{ ref('fct_measures') }}
    where employee_id not like 'team:%'
    union all
    select
        'team' as scope,
        substring(employee_id, 6) as scope_id,
        period,
        measure,
        value
    from {{ ref('fct_measures') }}
    where employee_id like 'team:%'
    union all
    select
        'employee' as scope,
        employee_id as scope_id,
        period,
        kpi_id as measure,
        value
    from {{ ref('int_growth_kpis') }}
),

whole_months as (
    select
        'employee' as scope,
        employee_id as scope_id,
        period,
        starts_on
    from {{ ref('int_complete_months') }}
    union all
    select distinct
        'team' as scope,
        team_id as scope_id,
        period,
        starts_on
    from {{ ref('int_employee_periods') }}
    where team_id is not null
),

current_values as (
    select
        rules.baseline_kind,
        rules.baseline_months,
        subjects.scope,
        subjects.scope_id,
        subjects.period,
        periods.starts_on,
        subjects.measure,
        subjects.value
    from subjects
    inner join rules on subjects.scope = rules.scope and subjects.measure = rules.measure
    inner join {{ ref('int_periods') }} as periods on subjects.period = periods.period
),

baselines as (
    select
        current_values.scope,
        current_values.scope_id,
        current_values.period,
        current_values.measure,
        current_values.baseline_kind,
        current_values.baseline_months,
        count(*) as months_found,
        sum(history.value) as baseline_sum
    from current_values
    inner join whole_months
        on current_values.scope = whole_months.scope
        and current_values.scope_id = whole_months.scope_id
        and (
            (
                current_values.baseline_kind = 'previous_months'
                and whole_months.starts_on < current_values.starts_on
                and whole_months.starts_on >= {{ add_months(
                    'current_values.starts_on', '-cast(current_values.baseline_months as integer)'
                ) }}
            )
            or (
                current_values.baseline_kind = 'last_year'
                and whole_months.starts_on = {{ add_months('current_values.starts_on', -12) }}
            )
        )
    inner join subjects as history
        on whole_months.scope = history.scope
        and whole_months.scope_id = history.scope_id
        and whole_months.period = history.period
        and current_values.measure = history.measure
        and history.value is not null
    group by
        current_values.scope,
        current_values.scope_id,
        current_values.period,
        current_values.measure,
        current_values.baseline_kind,
        current_values.baseline_months
),

final as (
    select
        current_values.*,
        case
            when current_values.baseline_kind = 'last_year' then 1
            else current_values.baseline_months
        end as baseline_count,
        case
            when baselines.months_found
                = case when current_values.baseline_kind = 'last_year' then 1 else current_values.baseline_months end
                then baselines.baseline_sum
        end as baseline_sum
    from current_values
    left join baselines
        on current_values.scope = baselines.scope
        and current_values.scope_id = baselines.scope_id
        and current_values.period = baselines.period
        and current_values.measure = baselines.measure
        and current_values.baseline_kind = baselines.baseline_kind
        and current_values.baseline_months = baselines.baseline_months
)

select * from final
