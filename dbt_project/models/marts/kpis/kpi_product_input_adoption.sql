-- One row per employee and month: of the product needs submitted, those adopted by now.
{% macro register_kpi_product_input_adoption() %}{% endmacro %}

with facts as (
    select
        coalesce(events.employee_id, 'UNRESOLVED') as employee_id,
        {{ period_of('events.submitted_date') }} as period,
        count(events.adopted_at) as numerator,
        count(*) as denominator
    from {{ ref('stg_product_inputs') }} as events
    group by coalesce(events.employee_id, 'UNRESOLVED'), {{ period_of('events.submitted_date') }}
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
