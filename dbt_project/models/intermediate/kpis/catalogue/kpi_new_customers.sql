-- One row per employee and month: customers with their first signed deal in the quarter, by share of the closing and in
-- part for transferred deals; in the last month of the quarter.
with quarters as (
    select
        measures.employee_id,
        months.quarter,
        sum(measures.value) as numerator
    from {{ ref('fct_measures') }} as measures
    inner join {{ ref('int_periods') }} as months on measures.period = months.period
    where measures.measure = 'new_customers' and measures.employee_id not like 'team:%'
    group by measures.employee_id, months.quarter
),

facts as (
    select
        quarters.employee_id,
        periods.period,
        quarters.numerator
    from quarters
    inner join {{ ref('int_periods') }} as periods on quarters.quarter = periods.quarter
),

final as (
    {{ kpi_sum('facts', frequency='quarter') }}
)

select * from final
