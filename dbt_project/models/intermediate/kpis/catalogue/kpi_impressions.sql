-- One row per employee and month: times the owner's campaigns were shown.
with facts as (
    select
        employee_id,
        period,
        impressions as numerator
    from {{ ref('int_ad_months') }}
),

final as (
    {{ kpi_sum('facts') }}
)

select * from final
