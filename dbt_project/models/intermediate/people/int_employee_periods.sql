-- One row per employee, month and role held in it.
with final as (
    select
        assignments.employee_id,
        periods.period,
        assignments.department,
        coalesce(assignments.position, '') as position,
        assignments.team_id,
        assignments.manager_id,
        assignments.bonus_base,
        assignments.currency,
        greatest(assignments.valid_from, periods.starts_on) as in_role_from,
        {{ days_between(
            'greatest(assignments.valid_from, periods.starts_on)',
            'least(assignments.valid_to, periods.next_starts_on)'
        ) }} as days_in_role,
        periods.days as days_in_period,
        periods.starts_on,
        periods.ends_on
    from {{ ref('int_assignments') }} as assignments
    inner join {{ ref('int_periods') }} as periods
        on assignments.valid_from < periods.next_starts_on and assignments.valid_to > periods.starts_on
)

select * from final
