-- One row per employee and month: of the product needs submitted, those adopted by now.
with facts as (
    {{ kpi_events('stg_product_inputs', 'submitted_date', 'count(events.adopted_at)') }}
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
