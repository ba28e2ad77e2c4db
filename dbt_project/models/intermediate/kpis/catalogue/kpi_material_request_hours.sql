-- One row per employee and month of issue: mean hours from request to issue of materials.
with facts as (
    select
        coalesce(events.handler_employee_id, 'UNRESOLVED') as employee_id,
        {{ period_of('events.issued_date') }} as period,
        {%- set waited = 'sum(greatest(' ~ microseconds_between('events.requested_at', 'events.issued_at') ~ ', 0))' %}
        {{ exact_div(waited, '3600000000', 6, 0) }} as numerator,
        {{ waited }} as exact_numerator,
        count(*) * 3600000000 as exact_denominator,
        count(*) as denominator
    from {{ ref('stg_material_requests') }} as events
    where events.issued_at is not null
    group by coalesce(events.handler_employee_id, 'UNRESOLVED'), {{ period_of('events.issued_date') }}
),

final as (
    {{ kpi_ratio('facts', exact=true) }}
)

select * from final
