-- Money of a user nobody could resolve to an employee is shown and never paid.
select
    line_id,
    component,
    amount,
    status,
    reason
from {{ ref('fct_payout_lines') }}
where employee_id = 'UNRESOLVED' and status not in ('held', 'forfeited')
