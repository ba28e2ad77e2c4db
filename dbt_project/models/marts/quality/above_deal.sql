-- One row per invoice or payment that goes beyond the amount of its deal: what goes beyond is not credited (reading 44).
with final as (
    select
        movements.deal_id,
        movements.transaction_id,
        {{ period_of('movements.business_date') }} as period,
        deals.currency,
        deals.amount as deal_amount,
        movements.above_amount
    from {{ ref('int_deal_movements') }} as movements
    inner join {{ ref('int_deals') }} as deals on movements.deal_id = deals.deal_id
    where movements.above_amount > 0
)

select * from final
