-- One row per open row in quarantine, deal in question because of it and day on which the deal counts: of its signing, of
-- its transactions, and of one in quarantine (the end of every month from the signing on when it does not say when).
with deals as (
    select distinct
        unread_deals.unread_id,
        sources.deal_id,
        sources.customer_key,
        sources.signed_date
    from {{ ref('int_unread_deals') }} as unread_deals
    inner join {{ ref('fct_deal_sources') }} as sources on unread_deals.deal_id = sources.deal_id
    where not unread_deals.is_award_only
),

final as (
    select
        unread_id,
        deal_id,
        customer_key,
        signed_date as counted_on
    from deals
    union
    select
        deals.unread_id,
        deals.deal_id,
        deals.customer_key,
        transactions.occurred_date as counted_on
    from deals
    inner join {{ ref('stg_transactions') }} as transactions on deals.deal_id = transactions.deal_id
    union
    select
        deals.unread_id,
        deals.deal_id,
        deals.customer_key,
        coalesce(unread.counted_on, periods.ends_on) as counted_on
    from deals
    inner join {{ ref('stg_open_quarantine') }} as unread on deals.unread_id = unread.unread_id
    inner join {{ ref('int_periods') }} as periods
        on coalesce(
            unread.counted_on between periods.starts_on and periods.ends_on,
            deals.signed_date <= periods.ends_on
        )
    where unread.source_table = 'transactions'
)

select * from final
