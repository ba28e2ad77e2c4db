-- One row per plan in force, department and position ('' = any) that the plan applies to. Half-open validity.
select
    plan_id,
    plan_hash,
    department,
    position,
    valid_from,
    valid_to
from {{ source('plans', 'plan_departments') }}
