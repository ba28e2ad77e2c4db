-- Every line names the plan it is paid under, a plan whose text is archived; adjustments and true-ups rest on people's
-- decisions, and a line held for want of a plan says so.
select
    lines.line_id,
    lines.component,
    lines.plan_hash,
    lines.status,
    lines.reason
from {{ ref('int_payout_lines') }} as lines
left join {{ source('plans', 'plan_files') }} as files on lines.plan_hash = files.plan_hash
where (
    lines.plan_hash is null
    and lines.component not in ('adjustment', 'true_up')
    and not (lines.status in ('held', 'forfeited') and ';' || coalesce(lines.reason, '') || ';' like '%;no_plan;%')
)
or (lines.plan_hash is not null and files.plan_hash is null)
