-- Lines are posted in computed months only, and never before the month they originate in.
select
    lines.line_id,
    lines.component,
    lines.period,
    lines.origin_period
from {{ ref('fct_payout_lines') }} as lines
left join {{ ref('int_periods') }} as periods on lines.period = periods.period
where periods.period is null or lines.origin_period > lines.period
