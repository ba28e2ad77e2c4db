-- One row per employee and month: conversions of the owner's campaigns per impression.
with facts as (
    select
        employee_id,
        period,
        conversions as numerator,
        impressions as denominator
    from {{ ref('int_ad_months') }}
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
