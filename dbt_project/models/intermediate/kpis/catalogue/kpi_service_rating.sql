-- One row per employee and month: mean of the ratings customers gave, out of 10.
with facts as (
    {{ kpi_events('stg_service_ratings', 'rated_date', 'sum(events.rating)') }}
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
