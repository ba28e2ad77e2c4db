-- One row per employee, plan and stretch of days on which the plan covers the employee's (last) role. Half-open.
select
    assignments.employee_id,
    plans.plan_id,
    plans.plan_hash,
    greatest(assignments.valid_from, plans.valid_from) as valid_from,
    least(assignments.role_valid_to, plans.valid_to) as valid_to
from {{ ref('int_assignments') }} as assignments
inner join {{ source('plans', 'plan_departments') }} as departments
    on assignments.department = departments.department
    and (departments.position = '' or departments.position = assignments.position)
inner join {{ source('plans', 'plans') }} as plans on departments.plan_hash = plans.plan_hash
where greatest(assignments.valid_from, plans.valid_from) < least(assignments.role_valid_to, plans.valid_to)
