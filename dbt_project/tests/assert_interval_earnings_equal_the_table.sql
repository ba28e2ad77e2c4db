-- The commission lines of a rate table add up to what the table pays on the interval total, read afresh: no running
-- totals, no parts, no order. The earning is rounded once, so it lies within half a fen of the exact figure.
with totals as (
    select
        employee_id,
        plan_hash,
        component_id,
        interval_id,
        sum(credited_amount) as total_amount,
        sum(counted_amount) as counted_total
    from {{ ref('int_table_credits') }}
    group by employee_id, plan_hash, component_id, interval_id
),

earned as (
    select
        lines.employee_id,
        lines.plan_hash,
        lines.component_id,
        case tables.interval_unit
            when 'year' then months.year
            when 'quarter' then months.quarter
            else months.period
        end as interval_id,
        sum(lines.basis_amount) as basis_amount,
        sum(lines.amount) as earning_amount
    from {{ ref('int_lines_commission') }} as lines
    inner join {{ source('plans', 'commission_tables') }} as tables
        on lines.plan_hash = tables.plan_hash and lines.component_id = tables.component_id
    inner join {{ ref('int_months') }} as months on lines.origin_period = months.period
    where not lines.is_fx_missing
    group by
        lines.employee_id,
        lines.plan_hash,
        lines.component_id,
        case tables.interval_unit
            when 'year' then months.year
            when 'quarter' then months.quarter
            else months.period
        end
),

positioned as (
    select
        totals.employee_id,
        totals.plan_hash,
        totals.component_id,
        totals.interval_id,
        tables.rate_mode,
        tables.tier_bound,
        earned.basis_amount,
        earned.earning_amount,
        cast(totals.total_amount as double) as total_amount,
        case
            when tables.tier_unit = 'amount' then cast(totals.total_amount as double)
            when quotas.quota > 0 and totals.counted_total > 0 then cast(totals.counted_total as double)
        end as position_amount,
        case when tables.tier_unit = 'amount' then cast(1 as decimal(28, 6)) else quotas.quota end as bound_unit
    from totals
    inner join {{ source('plans', 'commission_tables') }} as tables
        on totals.plan_hash = tables.plan_hash and totals.component_id = tables.component_id
    left join {{ ref('int_quotas') }} as quotas
        on totals.employee_id = quotas.employee_id
        and totals.plan_hash = quotas.plan_hash
        and totals.component_id = quotas.component_id
        and totals.interval_id = quotas.interval_id
    left join earned
        on totals.employee_id = earned.employee_id
        and totals.plan_hash = earned.plan_hash
        and totals.component_id = earned.component_id
        and totals.interval_id = earned.interval_id
),

tiered as (
    select
        positioned.*,
        tiers.tier_no,
        cast(tiers.start_rate as double) as start_rate,
        cast(tiers.end_rate as double) as end_rate,
        round(cast(tiers.lower_bound as double) * cast(positioned.bound_unit as double), 2) as tier_from,
        round(cast(tiers.upper_bound as double) * cast(positioned.bound_unit as double), 2) as tier_to
    from positioned
    inner join {{ source('plans', 'commission_tiers') }} as tiers
        on positioned.plan_hash = tiers.plan_hash and positioned.component_id = tiers.component_id
),

-- what one tier pays on the position, times the width of the tier where the rate moves inside it
tier_earnings as (
    select
        tiered.*,
        case
            when position_amount is null or position_amount <= 0
                then case when tier_no = 1 then total_amount * start_rate else 0 end
            when rate_mode = 'marginal'
                then greatest(least(position_amount, coalesce(tier_to, position_amount)) - tier_from, 0) * start_rate
            when tier_bound = 'lower_inclusive' and (position_amount < tier_from or position_amount >= tier_to) then 0
            when tier_bound = 'upper_inclusive' and position_amount > tier_to then 0
            when tier_bound = 'upper_inclusive' and position_amount <= tier_from and tier_no > 1 then 0
            when rate_mode = 'whole' or tier_to is null then position_amount * start_rate
            else position_amount * start_rate
                + position_amount * (end_rate - start_rate) * (position_amount - tier_from) * power(tier_to - tier_from, -1)
        end as tier_earning
    from tiered
),

final as (
    select
        employee_id,
        plan_hash,
        component_id,
        interval_id,
        max(total_amount) as total_amount,
        max(basis_amount) as basis_amount,
        max(earning_amount) as earning_amount,
        -- the place in the table is that of the counted total, the money that of the full one
        sum(tier_earning) * case
            when max(position_amount) > 0 then max(total_amount) * power(max(position_amount), -1)
            else 1
        end as expected_amount
    from tier_earnings
    group by employee_id, plan_hash, component_id, interval_id
)

select *
from final
where earning_amount is null
    or abs(cast(basis_amount as double) - total_amount) > 0.001
    or abs(cast(earning_amount as double) - expected_amount) > 0.005001
