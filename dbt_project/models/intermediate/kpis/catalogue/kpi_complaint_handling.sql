-- One row per employee and month: of the complaints opened, those handled in the promised time.
with facts as (
    select
        coalesce(events.employee_id, 'UNRESOLVED') as employee_id,
        {{ period_of('events.opened_date') }} as period,
        sum(case
            when events.handled_at is not null and (events.due_at is null or events.handled_at <= events.due_at) then 1
            else 0
        end) as numerator,
        count(*) as denominator
    from {{ ref('stg_complaints') }} as events
    group by coalesce(events.employee_id, 'UNRESOLVED'), {{ period_of('events.opened_date') }}
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
