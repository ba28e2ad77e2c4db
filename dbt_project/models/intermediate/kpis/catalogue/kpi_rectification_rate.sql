-- One row per employee and month: of the violations of the month, those put right by now.
with facts as (
    {{ kpi_events('stg_policy_violations', 'occurred_on', 'count(events.rectified_on)') }}
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
