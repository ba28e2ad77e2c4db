-- One row per credit that a rate table pays: what the running interval total earns after it minus what it earned
-- before it, each rounded once. Parts of an interval add up to the earning of its total (rulebook 4.2).
with credits as (
    select * from {{ ref('int_table_credits') }}
),

totals as (
    select
        employee_id,
        plan_hash,
        component_id,
        interval_id,
        amount_before as total_amount,
        counted_before as counted_total
    from credits
    union
    select
        employee_id,
        plan_hash,
        component_id,
        interval_id,
        amount_after as total_amount,
        counted_after as counted_total
    from credits
),

earned as (
    {{ table_earned('totals', ['employee_id', 'plan_hash', 'component_id', 'interval_id']) }}
),

handed as (
    select
        credits.deal_id,
        credits.transaction_id,
        credits.origin_transaction_id,
        credits.pool,
        credits.employee_id,
        credits.plan_id,
        credits.plan_hash,
        credits.component_id,
        credits.interval_id,
        credits.business_date,
        credits.step_no,
        credits.credited_amount,
        credits.counted_amount,
        credits.amount_before,
        credits.amount_after,
        credits.counted_before,
        credits.counted_after,
        after_it.quota,
        after_it.tier_no,
        cast(after_it.earning_amount - before_it.earning_amount as decimal(18, 2)) as earning_amount
    from credits
    inner join earned as before_it
        on credits.employee_id = before_it.employee_id
        and credits.plan_hash = before_it.plan_hash
        and credits.component_id = before_it.component_id
        and credits.interval_id = before_it.interval_id
        and credits.amount_before = before_it.total_amount
        and credits.counted_before = before_it.counted_total
    inner join earned as after_it
        on credits.employee_id = after_it.employee_id
        and credits.plan_hash = after_it.plan_hash
        and credits.component_id = after_it.component_id
        and credits.interval_id = after_it.interval_id
        and credits.amount_after = after_it.total_amount
        and credits.counted_after = after_it.counted_total
),

-- of what a refund changes, its own part is what the refunded transaction was handed, in proportion to what is left of
-- it; the rest moves the tiers of other transactions of the interval
own_parts as (
    select
        reversals.deal_id,
        reversals.transaction_id,
        reversals.origin_transaction_id,
        reversals.pool,
        reversals.employee_id,
        {{ exact_div('positives.earning_amount * cast(pieces.left_after as decimal(20, 2))', 'cast(wholes.left_after as decimal(20, 4))', 2, 4) }}
        - {{ exact_div('positives.earning_amount * cast(pieces.left_before as decimal(20, 2))', 'cast(wholes.left_after as decimal(20, 4))', 2, 4) }}
            as own_amount
    from handed as reversals
    inner join handed as positives
        on reversals.deal_id = positives.deal_id
        and reversals.origin_transaction_id = positives.transaction_id
        and reversals.pool = positives.pool
        and reversals.employee_id = positives.employee_id
        and positives.transaction_id = positives.origin_transaction_id
    inner join {{ ref('int_credited_transactions') }} as pieces
        on reversals.deal_id = pieces.deal_id
        and reversals.transaction_id = pieces.transaction_id
        and reversals.origin_transaction_id = pieces.origin_transaction_id
    inner join {{ ref('int_credited_transactions') }} as wholes
        on reversals.deal_id = wholes.deal_id
        and reversals.origin_transaction_id = wholes.transaction_id
        and reversals.origin_transaction_id = wholes.origin_transaction_id
    where reversals.transaction_id != reversals.origin_transaction_id
),

final as (
    select
        handed.*,
        cast(coalesce(handed.earning_amount - own_parts.own_amount, 0) as decimal(18, 2)) as retiering_amount,
        unread.interval_id is not null as is_unread
    from handed
    left join {{ ref('int_unread_intervals') }} as unread
        on handed.employee_id = unread.employee_id
        and handed.plan_hash = unread.plan_hash
        and handed.component_id = unread.component_id
        and handed.interval_id = unread.interval_id
    left join own_parts
        on handed.deal_id = own_parts.deal_id
        and handed.transaction_id = own_parts.transaction_id
        and handed.origin_transaction_id = own_parts.origin_transaction_id
        and handed.pool = own_parts.pool
        and handed.employee_id = own_parts.employee_id
)

select * from final
