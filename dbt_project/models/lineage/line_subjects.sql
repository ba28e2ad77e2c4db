-- One row per payout line: the employee and month it was computed for. A line that settles another, or that a decision
-- gave to somebody else, was computed as the held line was.
with lines as (
    select * from {{ ref('calculated_lines') }}
)

select
    lines.line_id,
    lines.component,
    lines.component_id,
    lines.plan_id,
    lines.plan_hash,
    lines.deal_id,
    lines.transaction_id,
    coalesce(held.employee_id, lines.employee_id) as employee_id,
    coalesce(held.period, lines.period) as period,
    lines.origin_period,
    lines.reason,
    lines.settles_line_id
from lines
left join lines as held on lines.settles_line_id = held.line_id
