-- One row per employee and stretch of time in one role. Half-open; valid_to is clipped at the last day employed,
-- role_valid_to is not: it says whose plan a leaver's late transactions fall under.
with employees as (
    select * from {{ ref('stg_employees') }}
),

dated as (
    select * from {{ ref('stg_employee_assignments') }}
    where employee_id != 'UNRESOLVED'
),

assignments as (
    select
        dated.employee_id,
        dated.department,
        dated.position,
        dated.team_id,
        dated.manager_id,
        dated.bonus_base,
        employees.currency,
        dated.valid_from,
        least(
            coalesce(dated.valid_to, date '9999-12-31'),
            coalesce(
                lead(dated.valid_from) over (partition by dated.employee_id order by dated.valid_from asc),
                date '9999-12-31'
            )
        ) as valid_to,
        employees.termination_date
    from dated
    left join employees on dated.employee_id = employees.employee_id
    union all
    select
        employees.employee_id,
        employees.department,
        employees.position,
        employees.team_id,
        employees.manager_id,
        employees.bonus_base,
        employees.currency,
        coalesce(employees.hire_date, date '1900-01-01') as valid_from,
        date '9999-12-31' as valid_to,
        employees.termination_date
    from employees
    left join (select distinct employee_id from dated) as with_history
        on employees.employee_id = with_history.employee_id
    where with_history.employee_id is null
),

clipped as (
    select
        employee_id,
        department,
        position,
        team_id,
        manager_id,
        bonus_base,
        currency,
        valid_from,
        case
            when termination_date is not null and {{ add_days('termination_date', 1) }} < valid_to
                then {{ add_days('termination_date', 1) }}
            else valid_to
        end as valid_to,
        termination_date
    from assignments
),

held as (
    select
        clipped.*,
        row_number() over (partition by employee_id order by valid_from desc) as latest_no
    from clipped
    where valid_from < valid_to
),

-- a leaver's late money is computed in his last role, so that it can be held
final as (
    select
        employee_id,
        department,
        position,
        team_id,
        manager_id,
        bonus_base,
        currency,
        valid_from,
        valid_to,
        termination_date,
        case
            when latest_no = 1 and termination_date is not null then date '9999-12-31'
            else valid_to
        end as role_valid_to
    from held
)

select * from final
