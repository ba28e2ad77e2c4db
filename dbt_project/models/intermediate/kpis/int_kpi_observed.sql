-- One row per employee, month and KPI observed by the company itself. A quarter is said of its last month, a year of
-- December; of several the month goes before the quarter before the year.
with dated as (
    select
        observations.employee_id,
        observations.kpi_id,
        observations.numerator,
        observations.denominator,
        {{ last_month_of('observations.period') }} as period,
        case
            when length(observations.period) = 4 then 3
            when observations.period like '%-Q%' then 2
            else 1
        end as choice
    from {{ ref('stg_kpi_observations') }} as observations
),

ranked as (
    select
        dated.*,
        row_number() over (
            partition by dated.employee_id, dated.period, dated.kpi_id order by dated.choice asc
        ) as choice_no
    from dated
    inner join {{ ref('int_periods') }} as periods on dated.period = periods.period
),

published as (
    select
        coalesce(employee_id, 'UNRESOLVED') as employee_id,
        period,
        kpi_id,
        cast(numerator as decimal(28, 6)) as numerator,
        cast(denominator as decimal(28, 6)) as denominator
    from ranked
    where choice_no = 1
),

valued as (
    select
        published.*,
        case
            when denominator is null then numerator
            when denominator > 0 then {{ exact_div('numerator', 'denominator', 6, 6) }}
        end as value
    from published
),

final as (
    select
        employee_id,
        period,
        kpi_id,
        numerator,
        denominator,
        cast(value as decimal(28, 6)) as value,
        case when value is null then 'no_data' end as reason
    from valued
)

select * from final
