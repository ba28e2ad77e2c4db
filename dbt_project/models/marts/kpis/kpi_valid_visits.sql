-- One row per employee and month: valid leads of the employee whose first visit was in the month.
{% macro register_kpi_valid_visits() %}{% endmacro %}

with facts as (
    select
        employee_id,
        period,
        value as numerator
    from {{ ref('fct_measures') }}
    where measure = 'valid_visits' and employee_id not like 'team:%'
),

final as (
    {{ kpi_sum('facts') }}
)

select * from final
