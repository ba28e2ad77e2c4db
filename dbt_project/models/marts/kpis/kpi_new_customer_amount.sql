-- One row per employee and month: money of first deals credited to the employee, transferred deals in part.
{% macro register_kpi_new_customer_amount() %}{% endmacro %}

with facts as (
    select
        employee_id,
        period,
        value as numerator
    from {{ ref('fct_measures') }}
    where measure = 'new_customer_amount' and employee_id not like 'team:%'
),

final as (
    {{ kpi_sum('facts') }}
)

select * from final
