-- One row per movement of a deal's money under the plan's basis, with the level before and after it (deal currency).
-- basis signed: the signing earns; invoiced: invoices earn; collected: payments earn, up to the amount of the deal.
-- Refunds and cancellations take back what is left, never more: the level is a walk reflected at zero. In the rare deal
-- that is paid beyond its amount it is a walk between zero and that amount, after the formula of Kruk, Lehoczky, Ramanan
-- and Shreve (2007, "An explicit formula for the Skorokhod map on [0, a]"), for Spark has no recursion.
-- Deals on the signed basis without a refund or cancellation have no walk: see int_credited_transactions.
with moved as (
    select distinct deal_id
    from {{ ref('stg_transactions') }}
    where kind in ('refund', 'cancellation')
),

deals as (
    select all_deals.*
    from {{ ref('int_deals') }} as all_deals
    left join moved on all_deals.deal_id = moved.deal_id
    where all_deals.is_creditable and (moved.deal_id is not null or all_deals.basis != 'signed')
),

rates as (
    select * from {{ ref('int_fx_rates') }}
),

converted as (
    select
        transactions.deal_id,
        transactions.transaction_id,
        transactions.kind,
        case
            when transactions.currency = deals.currency or not deals.has_fx_rate then transactions.amount
            else coalesce({{ exact_div(
                'cast(transactions.amount as decimal(20, 2)) * case
                    when transactions.currency = deals.policy_currency then cast(1 as decimal(18, 8))
                    else rates.rate_to_base
                end',
                'deals.fx_rate',
                2, 10
            ) }}, transactions.amount)
        end as amount,
        transactions.occurred_date,
        deals.basis,
        deals.amount as deal_amount
    from {{ ref('stg_transactions') }} as transactions
    inner join deals on transactions.deal_id = deals.deal_id
    left join rates
        on transactions.currency = rates.currency
        and deals.signed_date >= rates.valid_from
        and deals.signed_date < rates.valid_to
),

movements as (
    select
        deal_id,
        '' as transaction_id,
        signed_date as occurred_date,
        amount as change_amount,
        cast(null as decimal(18, 2)) as deal_amount,
        0 as sign_order
    from deals
    where basis = 'signed'
    union all
    select
        deal_id,
        transaction_id,
        occurred_date,
        case when kind in ('refund', 'cancellation') then -abs(amount) else amount end as change_amount,
        deal_amount,
        case when kind in ('refund', 'cancellation') or amount < 0 then 1 else 0 end as sign_order
    from converted
    where amount != 0
        and (
            kind in ('refund', 'cancellation')
            or (basis = 'invoiced' and kind = 'invoice')
            or (basis = 'collected' and kind = 'payment')
        )
),

-- what is taken back before anything was earned takes effect with the first earning
effective as (
    select
        movements.*,
        greatest(
            occurred_date, min(case when sign_order = 0 then occurred_date end) over (partition by deal_id)
        ) as business_date
    from movements
),

walked as (
    select
        effective.*,
        row_number() over (
            partition by deal_id order by business_date asc, sign_order asc, transaction_id asc
        ) as movement_no,
        sum(cast(change_amount as decimal(28, 2))) over (
            partition by deal_id order by business_date asc, sign_order asc, transaction_id asc
            rows between unbounded preceding and current row
        ) as running
    from effective
    where business_date is not null
),

paid_beyond as (
    select
        deal_id,
        deal_amount
    from walked
    where deal_amount is not null
    group by deal_id, deal_amount
    having sum(case when sign_order = 0 then change_amount else 0 end) > deal_amount
),

reflected as (
    select
        walked.*,
        running - least(min(running) over (
            partition by deal_id order by movement_no asc rows between unbounded preceding and current row
        ), 0) as level_without_cap
    from walked
),

-- every movement beside each one before it: how far that one lay beyond the amount, and the lowest level since
since as (
    select
        later.deal_id,
        later.movement_no,
        greatest(earlier.level_without_cap - paid_beyond.deal_amount, 0) as excess,
        min(earlier.level_without_cap) over (
            partition by later.deal_id, later.movement_no
            order by earlier.movement_no desc rows between unbounded preceding and current row
        ) as lowest
    from reflected as later
    inner join paid_beyond on later.deal_id = paid_beyond.deal_id
    inner join reflected as earlier on later.deal_id = earlier.deal_id and later.movement_no >= earlier.movement_no
),

cut as (
    select
        deal_id,
        movement_no,
        max(least(excess, lowest)) as beyond
    from since
    group by deal_id, movement_no
),

limited as (
    select
        reflected.*,
        cast(reflected.level_without_cap - coalesce(cut.beyond, 0) as decimal(28, 2)) as level_after
    from reflected
    left join cut on reflected.deal_id = cut.deal_id and reflected.movement_no = cut.movement_no
),

levels as (
    select
        limited.*,
        coalesce(lag(level_after) over (partition by deal_id order by movement_no asc), 0) as level_before
    from limited
),

final as (
    select
        deal_id,
        transaction_id,
        sign_order = 0 as is_gain,
        movement_no,
        business_date,
        cast(level_before as decimal(18, 2)) as level_before,
        cast(level_after as decimal(18, 2)) as level_after,
        cast(case
            when sign_order = 0 and deal_amount is not null then change_amount - (level_after - level_before) else 0
        end as decimal(18, 2)) as above_amount
    from levels
)

select * from final
