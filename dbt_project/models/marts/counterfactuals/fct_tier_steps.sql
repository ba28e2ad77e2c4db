-- One row per credit that a rate table pays: how it filled the tiers of its interval, and what it earned (rulebook 4.2).
select
    employee_id,
    {{ period_of('business_date') }} as period,
    interval_id,
    cast(step_no as bigint) as step_no,
    pool,
    deal_id,
    transaction_id,
    origin_transaction_id,
    business_date,
    cast(credited_amount as decimal(18, 2)) as credited_amount,
    amount_before,
    amount_after,
    counted_before,
    counted_after,
    cast(quota as decimal(28, 6)) as quota,
    cast(tier_no as bigint) as tier_no,
    earning_amount,
    retiering_amount,
    plan_id,
    component_id,
    plan_hash
from {{ ref('int_table_earnings') }}
