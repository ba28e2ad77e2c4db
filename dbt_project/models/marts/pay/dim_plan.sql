-- One row per plan of the calculation: its titles, currency and validity (rulebook 2).
with final as (
    select
        plan_id,
        title_zh,
        title_en,
        currency,
        timezone,
        valid_from,
        valid_to,
        plan_hash
    from {{ source('plans', 'plans') }}
)

select * from final
