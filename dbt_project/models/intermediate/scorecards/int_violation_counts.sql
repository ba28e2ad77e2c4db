-- One row per employee and month with violations in it or earlier in the year: how many in the month, and how many of
-- the year so far, rectified ones apart (rulebook 9).
with violations as (
    select
        employee_id,
        occurred_on,
        rectified_on is not null as is_rectified
    from {{ ref('stg_policy_violations') }}
),

final as (
    select
        violations.employee_id,
        periods.period,
        sum(case when {{ period_of('violations.occurred_on') }} = periods.period then 1 else 0 end) as violation_count,
        count(*) as year_count,
        sum(case when violations.is_rectified then 1 else 0 end) as year_rectified_count
    from violations
    inner join {{ ref('int_periods') }} as periods
        on violations.occurred_on <= periods.ends_on
        and cast(extract(year from violations.occurred_on) as {{ dbt.type_string() }}) = periods.year
    group by violations.employee_id, periods.period
)

select * from final
