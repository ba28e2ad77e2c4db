-- A payout is the sum of its lines: gross, held, adjustments and true-ups per employee, month and currency; the net
-- follows from them, and only a negative net is carried out.
with lines as (
    select
        employee_id,
        period,
        currency,
        sum(case
            when component in ('adjustment', 'true_up') or status = 'forfeited' then 0
            else amount
        end) as gross,
        sum(case when status = 'held' then amount else 0 end) as held,
        sum(case when component = 'adjustment' then amount else 0 end) as adjustments,
        sum(case when component = 'true_up' then amount else 0 end) as true_ups
    from {{ ref('fct_payout_lines') }}
    group by employee_id, period, currency
)

select
    coalesce(lines.employee_id, payouts.employee_id) as employee_id,
    coalesce(lines.period, payouts.period) as period,
    coalesce(lines.currency, payouts.currency) as currency,
    lines.gross as line_gross,
    lines.held as line_held,
    lines.adjustments as line_adjustments,
    lines.true_ups as line_true_ups,
    payouts.gross,
    payouts.held,
    payouts.adjustments,
    payouts.true_ups,
    payouts.carried_in,
    payouts.net,
    payouts.carried_out
from lines
full outer join {{ ref('fct_payouts') }} as payouts
    on lines.employee_id = payouts.employee_id
    and lines.period = payouts.period
    and lines.currency = payouts.currency
where payouts.employee_id is null
    or coalesce(lines.gross, 0) != payouts.gross
    or coalesce(lines.held, 0) != payouts.held
    or coalesce(lines.adjustments, 0) != payouts.adjustments
    or coalesce(lines.true_ups, 0) != payouts.true_ups
    or payouts.net
    != payouts.carried_in + payouts.gross - payouts.held + payouts.adjustments + payouts.true_ups
    or payouts.carried_out != least(payouts.net, 0)
