-- One row per employee and month: product needs submitted.
with facts as (
    {{ kpi_events('stg_product_inputs', 'submitted_date', 'count(*)') }}
),

final as (
    {{ kpi_sum('facts') }}
)

select * from final
