-- One row per employee and month: amount of materials expired or damaged, per stock at the start and receipts.
with facts as (
    select
        employee_id,
        period,
        lost_amount as numerator,
        opening_amount + received_amount as denominator
    from {{ ref('int_material_months') }}
    where is_shown
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
