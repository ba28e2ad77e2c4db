-- One row per employee, rate table and month of a running interval: which tier the total has reached (rulebook 4.2).
with reached as (
    select * from {{ ref('int_tiers_reached') }}
),

final as (
    select
        reached.employee_id,
        reached.period,
        reached.plan_id,
        reached.component_id,
        reached.interval_id,
        cast(reached.total_amount as decimal(18, 2)) as total_amount,
        cast(reached.counted_total as decimal(28, 6)) as counted_total,
        cast(reached.quota as decimal(28, 6)) as quota,
        cast(reached.tier_no as bigint) as tier_no,
        cast(reached.tier_to as decimal(18, 2)) as tier_to,
        cast(tiers.start_rate as decimal(18, 12)) as rate,
        cast(reached.earning_amount as decimal(18, 2)) as earning_amount,
        components.currency,
        reached.plan_hash
    from reached
    inner join {{ source('plans', 'components') }} as components
        on reached.plan_hash = components.plan_hash and reached.component_id = components.component_id
    inner join {{ source('plans', 'commission_tiers') }} as tiers
        on reached.plan_hash = tiers.plan_hash
        and reached.component_id = tiers.component_id
        and reached.tier_no = tiers.tier_no
)

select * from final
