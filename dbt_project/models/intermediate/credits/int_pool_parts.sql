-- One row per credited transaction, pool and earner: the parts of amount and pool by largest remainder, beside all that
-- is known of the earner. A negative transaction gets the allocation of what remains after it minus the allocation of
-- what was there before.
{%- set keys = ['deal_id', 'transaction_id', 'origin_transaction_id', 'pool', 'employee_id'] %}
{%- set carried = [
    'business_date', 'origin_date', 'currency', 'weight', 'weight_total', 'people', 'is_bad_split', 'has_fx_rate',
    'department', 'plan_id', 'plan_hash', 'component_id', 'has_table', 'rate', 'pool_before', 'pool_after'
] %}
with earners as (
    select * from {{ ref('int_pool_amounts') }}
),

alone as (
    select
        {{ (keys + carried) | join(', ') }},
        remaining_after - remaining_before as credited_amount,
        pool_after - pool_before as flat_earning
    from earners
    where people = 1
),

shared as (
    select * from earners where people > 1
),

-- earners of one pool may have different rates: each takes his part of the pool at his own rate
pools as (
    select distinct
        deal_id,
        transaction_id,
        origin_transaction_id,
        pool,
        remaining_before,
        remaining_after,
        pool_before,
        pool_after
    from shared
),

sides as (
    select
        deal_id,
        transaction_id,
        origin_transaction_id,
        pool,
        pool_before,
        pool_after,
        'credit' as kind,
        1 as side,
        {{ to_units('remaining_after', 2) }} as units
    from pools
    union all
    select
        deal_id,
        transaction_id,
        origin_transaction_id,
        pool,
        pool_before,
        pool_after,
        'credit' as kind,
        -1 as side,
        {{ to_units('remaining_before', 2) }} as units
    from pools
    union all
    select
        deal_id,
        transaction_id,
        origin_transaction_id,
        pool,
        pool_before,
        pool_after,
        'earning' as kind,
        1 as side,
        {{ to_units('pool_after', 2) }} as units
    from pools
    union all
    select
        deal_id,
        transaction_id,
        origin_transaction_id,
        pool,
        pool_before,
        pool_after,
        'earning' as kind,
        -1 as side,
        {{ to_units('pool_before', 2) }} as units
    from pools
),

weighted as (
    select
        sides.deal_id,
        sides.transaction_id,
        sides.origin_transaction_id,
        sides.pool,
        sides.pool_before,
        sides.pool_after,
        sides.kind,
        sides.side,
        sides.units,
        shares.employee_id,
        shares.weight
    from sides
    inner join {{ ref('int_pool_shares') }} as shares on sides.deal_id = shares.deal_id and sides.pool = shares.pool
    where sides.units != 0
),

allocated as (
    {{ allocate('weighted', [
        'deal_id', 'transaction_id', 'origin_transaction_id', 'pool', 'pool_before', 'pool_after', 'kind', 'side'
    ]) }}
),

parts as (
    select
        deal_id,
        transaction_id,
        origin_transaction_id,
        pool,
        employee_id,
        pool_before,
        pool_after,
        sum(case when kind = 'credit' then side * part else 0 end) as credit_units,
        sum(case when kind = 'earning' then side * part else 0 end) as earning_units
    from allocated
    group by deal_id, transaction_id, origin_transaction_id, pool, employee_id, pool_before, pool_after
),

final as (
    select * from alone
    union all
    select
        shared.{{ (keys + carried) | join(', shared.') }},
        {{ from_units('coalesce(parts.credit_units, 0)', 2) }} as credited_amount,
        {{ from_units('coalesce(parts.earning_units, 0)', 2) }} as flat_earning
    from shared
    left join parts
        on shared.deal_id = parts.deal_id
        and shared.transaction_id = parts.transaction_id
        and shared.origin_transaction_id = parts.origin_transaction_id
        and shared.pool = parts.pool
        and shared.employee_id = parts.employee_id
        and shared.pool_before = parts.pool_before
        and shared.pool_after = parts.pool_after
)

select * from final
