-- One row per employee, contribution component and month: follow-ups, contact minutes and the score (rulebook 7).
select
    employee_id,
    period,
    cast(follow_ups as bigint) as follow_ups,
    cast(minutes as decimal(18, 2)) as minutes,
    cast(score as decimal(18, 4)) as score,
    is_reached,
    currency,
    plan_id,
    component_id,
    plan_hash
from {{ ref('int_contribution') }}
