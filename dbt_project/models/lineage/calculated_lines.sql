-- One row per payout line of any month as the present facts and plans give it: those of open months as they are published,
-- without what the books add to them (int_payout_lines is gone after a run).
select {{ payout_line_columns('lines') }}
from {{ ref('int_calculated_closed_lines') }} as lines
union all
select
    lines.calculated_line_id as line_id,
    {{ payout_line_columns('lines', without=['line_id']) }}
from {{ ref('fct_payout_lines') }} as lines
where not lines.is_locked and lines.component != 'true_up'
