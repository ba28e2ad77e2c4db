-- One row per subject: the latest decision on it, when it can be carried out (rulebook 5, 10).
select
    subject,
    subject_id,
    decision,
    to_employee_id,
    decided_at,
    decided_period
from {{ ref('int_resolutions_latest') }}
where decision in ('release', 'reject')
    or (decision = 'reassign' and to_employee_id is not null and to_employee_id != 'UNRESOLVED')
