-- One row per employee and month in which papers or projects were observed: both together (rulebook 15). There is no row
-- for anybody else, so that an employee without research has no figure instead of 0.
with facts as (
    select
        employee_id,
        period,
        cast(sum(numerator) as decimal(28, 6)) as numerator
    from {{ ref('int_kpi_observed') }}
    where kpi_id in ('papers', 'projects')
    group by employee_id, period
),

final as (
    select
        employee_id,
        period,
        numerator,
        cast(null as decimal(28, 6)) as denominator,
        numerator as value,
        cast(null as {{ dbt.type_string() }}) as reason
    from facts
)

select * from final
