-- One row per credit that a rate table pays: what the running interval total earns after it minus what it earned
-- before it, each rounded once. Parts of an interval add up to the earning of its total (rulebook 4.2).
with credits as (
    select * from {{ ref('int_table_credits') }}
),

totals as (
    select
        employee_id,
        plan_hash,
        component_id,
        interval_id,
        tier_unit,
        amount_before as total_amount,
        counted_before as counted_total
    from credits
    union
    select
        employee_id,
        plan_hash,
        component_id,
        interval_id,
        tier_unit,
        amount_after as total_amount,
        counted_after as counted_total
    from credits
),

positioned as (
    select
        totals.employee_id,
        totals.plan_hash,
        totals.component_id,
        totals.interval_id,
        totals.total_amount,
        totals.counted_total,
        tables.rate_mode,
        tables.tier_bound,
        totals.tier_unit,
        quotas.quota,
        case
            when totals.tier_unit = 'quota_pct' then totals.counted_total
            else totals.total_amount
        end as position_amount,
        case
            when totals.tier_unit = 'amount' then true
            else coalesce(quotas.quota, 0) > 0 and totals.counted_total != 0
        end as has_position
    from totals
    inner join {{ source('plans', 'commission_tables') }} as tables
        on totals.plan_hash = tables.plan_hash and totals.component_id = tables.component_id
    left join {{ ref('int_quotas') }} as quotas
        on totals.employee_id = quotas.employee_id
        and totals.plan_hash = quotas.plan_hash
        and totals.component_id = quotas.component_id
        and totals.interval_id = quotas.interval_id
),

tiered as (
    select
        positioned.*,
        tiers.tier_no,
        tiers.start_rate,
        tiers.end_rate,
        case
            when positioned.tier_unit = 'amount' then cast(tiers.lower_bound as decimal(20, 2))
            else cast(round(
                cast(tiers.lower_bound as decimal(14, 8)) * cast(positioned.quota as decimal(20, 6)), 2
            ) as decimal(20, 2))
        end as tier_from,
        case
            when positioned.tier_unit = 'amount' then cast(tiers.upper_bound as decimal(20, 2))
            else cast(round(
                cast(tiers.upper_bound as decimal(14, 8)) * cast(positioned.quota as decimal(20, 6)), 2
            ) as decimal(20, 2))
        end as tier_to
    from positioned
    inner join {{ source('plans', 'commission_tiers') }} as tiers
        on positioned.plan_hash = tiers.plan_hash and positioned.component_id = tiers.component_id
),

judged as (
    select
        tiered.*,
        case
            when not has_position or position_amount < 0 then tier_no = 1
            when tier_bound = 'lower_inclusive'
                then (tier_no = 1 or position_amount >= tier_from) and (tier_to is null or position_amount < tier_to)
            else (tier_no = 1 or position_amount > tier_from) and (tier_to is null or position_amount <= tier_to)
        end as is_reached,
        greatest(least(position_amount, coalesce(tier_to, position_amount)) - tier_from, 0) as slice_amount
    from tiered
),

-- the earning as a fraction of whole numbers: amounts in 1e-8, rates in 1e-8, products in 1e-16
fractions as (
    select
        employee_id,
        plan_hash,
        component_id,
        interval_id,
        total_amount,
        counted_total,
        max(rate_mode) as rate_mode,
        max(case when tier_unit = 'quota_pct' then 1 else 0 end) = 1 as is_scaled,
        bool_and(has_position) and max(position_amount) > 0 as has_tier,
        {{ to_units('max(total_amount)', 2) }} as total_fen,
        {{ to_units('max(position_amount)', 8) }} as position_units,
        max(case when tier_no = 1 then {{ to_units('start_rate', 8) }} end) as first_rate,
        sum({{ to_units('slice_amount', 8) }} * {{ to_units('start_rate', 8) }}) as marginal_units,
        max(case when is_reached then {{ to_units('start_rate', 8) }} end) as reached_rate,
        max(case when is_reached then {{ to_units('end_rate', 8) }} end) as reached_end_rate,
        max(case when is_reached then {{ to_units('tier_from', 8) }} end) as reached_from,
        max(case when is_reached then {{ to_units('tier_to', 8) }} end) as reached_to
    from judged
    group by employee_id, plan_hash, component_id, interval_id, total_amount, counted_total
),

earned as (
    select
        fractions.*,
        case
            when not has_tier then {{ round_div('total_fen * first_rate', '100000000') }}
            when rate_mode = 'marginal' and not is_scaled then {{ round_div('marginal_units', '100000000000000') }}
            when rate_mode = 'marginal' then {{ round_div('total_fen * marginal_units', '(position_units * 100000000)') }}
            when rate_mode = 'whole' or reached_to is null then {{ round_div('total_fen * reached_rate', '100000000') }}
            else {{ round_div(
                'total_fen * (
                    reached_rate * (reached_to - reached_from)
                    + (reached_end_rate - reached_rate) * (position_units - reached_from)
                )',
                '((reached_to - reached_from) * 100000000)'
            ) }}
        end as earning_fen
    from fractions
),

final as (
    select
        credits.deal_id,
        credits.transaction_id,
        credits.origin_transaction_id,
        credits.pool,
        credits.employee_id,
        credits.plan_id,
        credits.component_id,
        credits.interval_id,
        {{ from_units('after_it.earning_fen - before_it.earning_fen', 2) }} as earning_amount
    from credits
    inner join earned as before_it
        on credits.employee_id = before_it.employee_id
        and credits.plan_hash = before_it.plan_hash
        and credits.component_id = before_it.component_id
        and credits.interval_id = before_it.interval_id
        and credits.amount_before = before_it.total_amount
        and credits.counted_before = before_it.counted_total
    inner join earned as after_it
        on credits.employee_id = after_it.employee_id
        and credits.plan_hash = after_it.plan_hash
        and credits.component_id = after_it.component_id
        and credits.interval_id = after_it.interval_id
        and credits.amount_after = after_it.total_amount
        and credits.counted_after = after_it.counted_total
)

select * from final
