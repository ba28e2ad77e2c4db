-- One row per employee and month of discovery: competitor events reported in time and in full, per event. A breach is said
-- in `reason`, the value stays. Option `within_hours`.
with {{ kpi_option('competitor_response', 'within_hours') }},

events as (
    select
        coalesce(events.employee_id, 'UNRESOLVED') as employee_id,
        {{ period_of('events.discovered_date') }} as period,
        events.discovered_at,
        events.reported_at,
        coalesce(events.has_features and events.has_target_users and events.has_impact and events.has_advice, false) as is_full,
        calculation.as_of
    from {{ ref('stg_competitor_events') }} as events
    cross join {{ ref('stg_calculation') }} as calculation
),

timed as (
    select
        events.*,
        {{ microseconds_between('events.discovered_at', 'events.reported_at') }} as taken,
        {{ microseconds_between('events.discovered_at', 'events.as_of') }} as passed,
        coalesce(chosen.value_number, defaults.value_number) * cast(3600000000 as decimal(12, 0)) as allowed
    from events
    left join chosen on events.employee_id = chosen.employee_id and events.period = chosen.period
    left join defaults on true
),

judged as (
    select
        employee_id,
        period,
        coalesce(taken <= allowed and is_full, false) as is_good,
        reported_at is not null or passed > allowed as is_over
    from timed
),

facts as (
    select
        employee_id,
        period,
        sum(case when is_good then 1 else 0 end) as numerator,
        count(*) as denominator,
        max(case when is_over and not is_good then 'breach' end) as reason
    from judged
    group by employee_id, period
),

final as (
    {{ kpi_ratio('facts', reason='reason') }}
)

select * from final
