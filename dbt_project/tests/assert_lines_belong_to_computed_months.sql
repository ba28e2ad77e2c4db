-- Lines are posted in computed months only, true-ups also in the month after those that are closed, and none before the
-- month it originates in.
select
    lines.line_id,
    lines.component,
    lines.period,
    lines.origin_period
from {{ ref('fct_payout_lines') }} as lines
left join {{ ref('int_periods') }} as periods on lines.period = periods.period
left join {{ ref('int_closing') }} as closing
    on lines.period = closing.posting_period and lines.component = 'true_up'
where (periods.period is null and closing.posting_period is null and not lines.is_locked)
    or lines.origin_period > lines.period
