-- What the earners of a pool are credited with adds up to the amount of the transaction, to the fen; and every
-- credited transaction has closers.
with moved as (
    select
        deal_id,
        transaction_id,
        sum(remaining_after - remaining_before) as moved_amount
    from {{ ref('int_credited_transactions') }}
    group by deal_id, transaction_id
),

pools as (
    select distinct
        deal_id,
        pool
    from {{ ref('fct_credits') }}
    union
    select
        deal_id,
        'closing' as pool
    from moved
),

expected as (
    select
        moved.deal_id,
        moved.transaction_id,
        pools.pool,
        moved.moved_amount
    from moved
    inner join pools on moved.deal_id = pools.deal_id
),

credited as (
    select
        deal_id,
        transaction_id,
        pool,
        sum(credited_amount) as credited_amount
    from {{ ref('fct_credits') }}
    group by deal_id, transaction_id, pool
)

select
    coalesce(expected.deal_id, credited.deal_id) as deal_id,
    coalesce(expected.transaction_id, credited.transaction_id) as transaction_id,
    coalesce(expected.pool, credited.pool) as pool,
    expected.moved_amount,
    credited.credited_amount
from expected
full outer join credited
    on expected.deal_id = credited.deal_id
    and expected.transaction_id = credited.transaction_id
    and expected.pool = credited.pool
where expected.moved_amount is null
    or credited.credited_amount is null
    or expected.moved_amount != credited.credited_amount
