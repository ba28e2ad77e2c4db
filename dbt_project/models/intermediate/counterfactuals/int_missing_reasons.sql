-- One row per employee, month and currency with closing commission that is held only because a transfer has no reason
-- (rulebook 5, 13).
with silent as (
    select deal_id
    from {{ ref('fct_transfers') }}
    where deal_id is not null
    group by deal_id
    having not bool_or(is_abnormal) and not bool_and(has_reason)
),

held as (
    select
        lines.employee_id,
        lines.period,
        lines.currency,
        lines.deal_id,
        sum(lines.amount) as amount
    from {{ ref('int_lines_commission_settled') }} as lines
    inner join silent on lines.deal_id = silent.deal_id
    where lines.component = 'closing' and lines.status = 'held' and lines.reason = 'transfer'
    group by lines.employee_id, lines.period, lines.currency, lines.deal_id
),

final as (
    select
        employee_id,
        period,
        currency,
        cast(count(*) as decimal(28, 6)) as gap,
        cast(sum(amount) as decimal(18, 2)) as money_gain,
        {{ string_agg_ordered('deal_id', ', ') }} as deal_ids
    from held
    group by employee_id, period, currency
)

select * from final
