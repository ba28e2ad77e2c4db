-- One row per employee and month: product needs submitted.
{% macro register_kpi_product_inputs() %}{% endmacro %}

with facts as (
    select
        coalesce(events.employee_id, 'UNRESOLVED') as employee_id,
        {{ period_of('events.submitted_date') }} as period,
        count(*) as numerator
    from {{ ref('stg_product_inputs') }} as events
    group by coalesce(events.employee_id, 'UNRESOLVED'), {{ period_of('events.submitted_date') }}
),

final as (
    {{ kpi_sum('facts') }}
)

select * from final
