-- One row per employee and stretch of time in one role (half-open).
with final as (
    select
        assignments.employee_id,
        employees.name,
        assignments.department,
        assignments.position,
        assignments.team_id,
        assignments.manager_id,
        assignments.valid_from,
        assignments.valid_to,
        calculation.as_of_date >= assignments.valid_from and calculation.as_of_date < assignments.valid_to as is_current,
        employees.hire_date,
        employees.termination_date
    from {{ ref('int_assignments') }} as assignments
    left join {{ ref('stg_employees') }} as employees on assignments.employee_id = employees.employee_id
    cross join {{ ref('stg_calculation') }} as calculation
)

select * from final
