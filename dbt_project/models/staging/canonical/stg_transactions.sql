-- One row per transaction. Transactions of unknown deals are in stg_rejections until the deal is delivered.
with latest as (
    select * from {{ ref('stg_files__transactions') }}
),

known_deals as (
    select deal_id from {{ ref('stg_deals') }}
),

final as (
    select
        latest.transaction_id,
        latest.deal_id,
        latest.kind,
        latest.amount,
        latest.currency,
        latest.occurred_at,
        {{ business_date('latest.occurred_at') }} as occurred_date,
        {{ lineage('transactions', ['latest.transaction_id']) }}
    from latest
    inner join known_deals on latest.deal_id = known_deals.deal_id
)

select * from final
