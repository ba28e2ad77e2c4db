-- A points line is the sum of its leads, and every lead with points is in a line. The line is found by the identifier it
-- must have, so that a reassigned one is found too.
with leads as (
    select
        {{ md5_key(["'points'", 'plan_id', 'component_id', "''", "''", "''", 'employee_id', 'period']) }} as line_id,
        sum(points) as points,
        sum(amount) as amount
    from {{ ref('fct_points') }}
    group by plan_id, component_id, employee_id, period
),

settlements as (
    select md5(line_id || '|settled') as line_id from {{ ref('int_payout_lines') }} where status = 'held'
),

lines as (
    select
        lines.line_id,
        lines.basis_amount,
        lines.amount
    from {{ ref('int_payout_lines') }} as lines
    left join settlements on lines.line_id = settlements.line_id
    where lines.component = 'points' and settlements.line_id is null
)

select
    coalesce(leads.line_id, lines.line_id) as line_id,
    leads.points,
    lines.basis_amount,
    leads.amount as lead_amount,
    lines.amount as line_amount
from leads
full outer join lines on leads.line_id = lines.line_id
where leads.line_id is null
    or lines.line_id is null
    or leads.amount != lines.amount
    or leads.points != lines.basis_amount
