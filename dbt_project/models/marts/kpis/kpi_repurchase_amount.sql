-- One row per employee and month: money of repurchases credited to the employee, transferred deals in part.
{% macro register_kpi_repurchase_amount() %}{% endmacro %}

with facts as (
    select
        employee_id,
        period,
        value as numerator
    from {{ ref('fct_measures') }}
    where measure = 'repurchase_amount' and employee_id not like 'team:%'
),

final as (
    {{ kpi_sum('facts') }}
)

select * from final
