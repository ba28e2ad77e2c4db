-- One row per payout line of a closed month as the present facts and plans give it. Those of open months are in fct_payout_lines.
select {{ payout_line_columns('lines') }}
from {{ ref('int_payout_lines') }} as lines
inner join {{ ref('int_closing') }} as closing on lines.period <= closing.closed_through
