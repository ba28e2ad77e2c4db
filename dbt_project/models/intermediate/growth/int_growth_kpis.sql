-- One row per employee, month and KPI that a plan takes as a growth measure and that is no measure of its own. A NULL value
-- is a month without data.
with wanted as (
    select distinct rules.measure
    from {{ source('plans', 'growth_rules') }} as rules
    left join (select distinct measure from {{ ref('fct_measures') }}) as measures on rules.measure = measures.measure
    where measures.measure is null
),

final as (
    select
        figures.employee_id,
        figures.period,
        figures.kpi_id,
        figures.value
    from {{ ref('fct_kpi_values') }} as figures
    inner join wanted on figures.kpi_id = wanted.measure
)

select * from final
