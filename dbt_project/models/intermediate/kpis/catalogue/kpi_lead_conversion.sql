-- One row per employee and month: of the valid leads first visited in the month, those whose customer signed by its end.
-- who signed by the end of the month is said once, for the process bonus and for this
with facts as (
    select
        coalesce(employee_id, 'UNRESOLVED') as employee_id,
        period,
        sum(case when has_signed then 1 else 0 end) as numerator,
        count(*) as denominator
    from {{ ref('int_visited_leads') }}
    group by coalesce(employee_id, 'UNRESOLVED'), period
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
