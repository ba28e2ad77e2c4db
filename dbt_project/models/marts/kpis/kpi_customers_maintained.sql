-- One row per employee and month: customers owned that the employee worked with in the month.
{% macro register_kpi_customers_maintained() %}{% endmacro %}

with facts as (
    select
        employee_id,
        period,
        value as numerator
    from {{ ref('fct_measures') }}
    where measure = 'customers_maintained' and employee_id not like 'team:%'
),

final as (
    {{ kpi_sum('facts') }}
)

select * from final
