-- Where all earners of a pool have one flat rate, their earnings add up to the pool, to the fen: of each transaction,
-- and over all transactions of a deal to the amount left times the rate, rounded once (signed basis: one positive).
with pools as (
    select
        deal_id,
        transaction_id,
        pool,
        min(rate) as rate,
        min(pool_amount) as pool_amount,
        sum(credited_amount) as credited_amount,
        sum(earning_amount) as earning_amount
    from {{ ref('fct_credits') }}
    group by deal_id, transaction_id, pool
    having min(rate) = max(rate) and count(rate) = count(*) and min(pool_amount) = max(pool_amount)
),

deals as (
    select
        credits.deal_id,
        credits.pool,
        min(credits.rate) as rate,
        sum(credits.credited_amount) as credited_amount,
        sum(credits.earning_amount) as earning_amount
    from {{ ref('fct_credits') }} as credits
    inner join {{ ref('int_deals') }} as signed on credits.deal_id = signed.deal_id and signed.basis = 'signed'
    -- an award of a fixed amount has no rate of its own
    where credits.pool != 'collaboration'
    group by credits.deal_id, credits.pool
    having min(credits.rate) = max(credits.rate) and count(credits.rate) = count(*)
)

select
    deal_id,
    transaction_id,
    pool,
    pool_amount as expected_amount,
    earning_amount
from pools
where earning_amount != pool_amount
union all
select
    deal_id,
    cast(null as {{ dbt.type_string() }}) as transaction_id,
    pool,
    {{ exact_mul('credited_amount', 'rate') }} as expected_amount,
    earning_amount
from deals
where earning_amount != {{ exact_mul('credited_amount', 'rate') }}
