-- One row per employee and month: of the violations of the month, those put right by now.
{% macro register_kpi_rectification_rate() %}{% endmacro %}

with facts as (
    select
        coalesce(events.employee_id, 'UNRESOLVED') as employee_id,
        {{ period_of('events.occurred_on') }} as period,
        sum(case when events.rectified_on <= calculation.as_of_date then 1 else 0 end) as numerator,
        count(*) as denominator
    from {{ ref('stg_policy_violations') }} as events
    cross join {{ ref('stg_calculation') }} as calculation
    where events.occurred_on <= calculation.as_of_date
    group by coalesce(events.employee_id, 'UNRESOLVED'), {{ period_of('events.occurred_on') }}
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
