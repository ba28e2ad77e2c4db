-- Credits and commission lines are the same money: per transaction and pool the earnings of the credits are the amounts
-- of the lines, held or not. Settlements of a later month repeat a held line and are left out.
with settlements as (
    select md5(line_id || '|settled') as line_id from {{ ref('int_payout_lines') }} where status = 'held'
),

lines as (
    select
        lines.deal_id,
        lines.transaction_id,
        lines.component as pool,
        sum(lines.amount) as line_amount
    from {{ ref('int_payout_lines') }} as lines
    left join settlements on lines.line_id = settlements.line_id
    where lines.component in ('origination', 'closing', 'collaboration') and settlements.line_id is null
    group by lines.deal_id, lines.transaction_id, lines.component
),

credits as (
    select
        deal_id,
        transaction_id,
        pool,
        sum(earning_amount) as credit_amount
    from {{ ref('fct_credits') }}
    group by deal_id, transaction_id, pool
)

select
    coalesce(credits.deal_id, lines.deal_id) as deal_id,
    coalesce(credits.transaction_id, lines.transaction_id) as transaction_id,
    coalesce(credits.pool, lines.pool) as pool,
    credits.credit_amount,
    lines.line_amount
from credits
full outer join lines
    on credits.deal_id = lines.deal_id
    and credits.transaction_id = lines.transaction_id
    and credits.pool = lines.pool
where coalesce(credits.credit_amount, 0) != coalesce(lines.line_amount, 0)
