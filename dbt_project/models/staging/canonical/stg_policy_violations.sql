with latest as (
    select * from {{ ref('stg_files__policy_violations') }}
),

final as (
    select
        latest.violation_id,
        {{ resolve_employee('employee_id') }} as employee_id,
        latest.employee_id as employee_id_raw,
        latest.kind,
        latest.occurred_on,
        {{ so_far('rectified_on') }} as rectified_on,
        {{ lineage('policy_violations', ['latest.violation_id']) }}
    from latest
    {{ join_employees(['employee_id']) }}
    where {{ happened('occurred_on') }}
)

select * from final
