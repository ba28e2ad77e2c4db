-- One row per employee and month: of the product needs submitted, those adopted by now.
{% macro register_kpi_product_input_adoption() %}{% endmacro %}

with facts as (
    select
        coalesce(events.employee_id, 'UNRESOLVED') as employee_id,
        {{ period_of('events.submitted_date') }} as period,
        sum(case when events.adopted_at <= calculation.as_of then 1 else 0 end) as numerator,
        count(*) as denominator
    from {{ ref('stg_product_inputs') }} as events
    cross join {{ ref('stg_calculation') }} as calculation
    where events.submitted_at <= calculation.as_of
    group by coalesce(events.employee_id, 'UNRESOLVED'), {{ period_of('events.submitted_date') }}
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
