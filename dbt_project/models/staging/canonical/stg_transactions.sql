-- One row per transaction of a signed deal. Transactions of deals nobody delivered are in stg_rejections.
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
    where {{ happened('occurred_at') }}
)

select * from final
