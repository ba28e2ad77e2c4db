-- One row per employee, rate table and month of a running interval in which another tier is above: the amount to the
-- first fen that the next tier pays differently for, and what reaching it would add (rulebook 13).
with reached as (
    select * from {{ ref('int_tiers_reached') }}
),

-- on an upper-inclusive bound the next rate counts from the first fen beyond it
distances as (
    select
        reached.*,
        cast(
            tier_to - position_amount + case when tier_bound = 'upper_inclusive' then 0.01 else 0.00 end as decimal(28, 8)
        ) as gap
    from reached
    where tier_to is not null and (tier_unit = 'amount' or quota > 0)
),

totals_there as (
    select
        employee_id,
        plan_id,
        plan_hash,
        component_id,
        interval_id,
        period,
        cast(total_amount + gap as decimal(28, 8)) as total_amount,
        cast(counted_total + gap as decimal(28, 8)) as counted_total
    from distances
),

-- there the position stands on a bound: two places hold it exactly
earned_there as (
    {{ table_earned('totals_there', ['employee_id', 'plan_id', 'plan_hash', 'component_id', 'interval_id', 'period'], total_places=8, position_places=2) }}
),

final as (
    select
        distances.employee_id,
        distances.period,
        distances.plan_id,
        distances.plan_hash,
        distances.component_id,
        distances.interval_id,
        components.currency,
        cast(round(distances.gap, 6) as decimal(28, 6)) as gap,
        cast(earned_there.earning_amount - distances.earning_amount as decimal(18, 2)) as money_gain,
        current_tiers.end_rate as current_rate,
        next_tiers.start_rate as next_rate
    from distances
    inner join earned_there
        on distances.employee_id = earned_there.employee_id
        and distances.plan_hash = earned_there.plan_hash
        and distances.component_id = earned_there.component_id
        and distances.period = earned_there.period
    inner join {{ source('plans', 'components') }} as components
        on distances.plan_hash = components.plan_hash and distances.component_id = components.component_id
    inner join {{ source('plans', 'commission_tiers') }} as current_tiers
        on distances.plan_hash = current_tiers.plan_hash
        and distances.component_id = current_tiers.component_id
        and distances.tier_no = current_tiers.tier_no
    inner join {{ source('plans', 'commission_tiers') }} as next_tiers
        on distances.plan_hash = next_tiers.plan_hash
        and distances.component_id = next_tiers.component_id
        and distances.tier_no + 1 = next_tiers.tier_no
)

select * from final
