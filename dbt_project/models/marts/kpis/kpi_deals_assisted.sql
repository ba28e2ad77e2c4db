-- One row per employee and month: deals the employee took part in, transferred ones in part.
{% macro register_kpi_deals_assisted() %}{% endmacro %}

with facts as (
    select
        employee_id,
        period,
        value as numerator
    from {{ ref('fct_measures') }}
    where measure = 'deals_assisted' and employee_id not like 'team:%'
),

final as (
    {{ kpi_sum('facts') }}
)

select * from final
