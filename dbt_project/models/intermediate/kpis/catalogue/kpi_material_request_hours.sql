-- One row per employee and month of issue: mean hours from request to issue of materials.
with facts as (
    select
        coalesce(events.handler_employee_id, 'UNRESOLVED') as employee_id,
        {{ period_of('events.issued_date') }} as period,
        {{ exact_div(
            'sum(greatest(' ~ microseconds_between('events.requested_at', 'events.issued_at') ~ ', 0))', '3600000000', 6, 0
        ) }} as numerator,
        count(*) as denominator
    from {{ ref('stg_material_requests') }} as events
    where events.issued_at is not null
    group by coalesce(events.handler_employee_id, 'UNRESOLVED'), {{ period_of('events.issued_date') }}
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
