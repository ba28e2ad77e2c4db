-- One row per employee and month: of the violations of the month, those put right by now.
{% macro register_kpi_rectification_rate() %}{% endmacro %}

with facts as (
    select
        coalesce(events.employee_id, 'UNRESOLVED') as employee_id,
        {{ period_of('events.occurred_on') }} as period,
        count(events.rectified_on) as numerator,
        count(*) as denominator
    from {{ ref('stg_policy_violations') }} as events
    group by coalesce(events.employee_id, 'UNRESOLVED'), {{ period_of('events.occurred_on') }}
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
