-- One row per employee and month: calls made to customers.
with facts as (
    select
        coalesce(employee_id, 'UNRESOLVED') as employee_id,
        {{ period_of('started_date') }} as period,
        count(*) as numerator
    from {{ ref('stg_activities') }}
    where kind = 'call'
    group by coalesce(employee_id, 'UNRESOLVED'), {{ period_of('started_date') }}
),

final as (
    {{ kpi_sum('facts') }}
)

select * from final
