-- One row per employee and month: mean of the ratings customers gave, out of 10.
{% macro register_kpi_service_rating() %}{% endmacro %}

with facts as (
    select
        coalesce(events.employee_id, 'UNRESOLVED') as employee_id,
        {{ period_of('events.rated_date') }} as period,
        sum(events.rating) as numerator,
        count(*) as denominator
    from {{ ref('stg_service_ratings') }} as events
    group by coalesce(events.employee_id, 'UNRESOLVED'), {{ period_of('events.rated_date') }}
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
