with latest as (
    select * from {{ ref('stg_files__employees') }}
),

final as (
    select
        latest.employee_id,
        latest.name,
        latest.email,
        latest.department,
        latest.position,
        latest.team_id,
        {{ resolve_employee('manager_id') }} as manager_id,
        latest.manager_id as manager_id_raw,
        latest.hire_date,
        latest.termination_date,
        latest.bonus_base,
        latest.currency,
        {{ lineage('employees', ['latest.employee_id']) }}
    from latest
    {{ join_employees(['manager_id']) }}
)

select * from final
