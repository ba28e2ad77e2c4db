-- One row per movement of a deal's money under the plan's basis, with the level before and after it (deal currency).
-- basis signed: the signing earns; invoiced: invoices earn; collected: payments earn, up to the amount of the deal.
-- Refunds and cancellations take back what is left, never more (the level is a walk reflected at zero, and in the rare
-- deal that is paid beyond its amount a walk between zero and that amount, step by step).
-- Deals on the signed basis without a refund or cancellation have no walk: see int_credited_transactions.
with recursive moved as (
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
    select deal_id
    from walked
    where deal_amount is not null
    group by deal_id, deal_amount
    having sum(case when sign_order = 0 then change_amount else 0 end) > deal_amount
),

limited as (
    select
        walked.deal_id,
        walked.movement_no,
        cast(0 as decimal(28, 2)) as level_before,
        cast(least(walked.deal_amount, greatest(walked.change_amount, 0)) as decimal(28, 2)) as level_after
    from walked
    inner join paid_beyond on walked.deal_id = paid_beyond.deal_id
    where walked.movement_no = 1
    union all
    select
        walked.deal_id,
        walked.movement_no,
        limited.level_after as level_before,
        cast(least(walked.deal_amount, greatest(limited.level_after + walked.change_amount, 0)) as decimal(28, 2)) as level_after
    from limited
    inner join walked on limited.deal_id = walked.deal_id and limited.movement_no + 1 = walked.movement_no
),

reflected as (
    select
        walked.*,
        coalesce(limited.level_after, running - least(min(running) over (
            partition by walked.deal_id order by walked.movement_no asc rows between unbounded preceding and current row
        ), 0)) as level_after
    from walked
    left join limited on walked.deal_id = limited.deal_id and walked.movement_no = limited.movement_no
),

levels as (
    select
        reflected.*,
        coalesce(lag(level_after) over (partition by deal_id order by movement_no asc), 0) as level_before
    from reflected
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
