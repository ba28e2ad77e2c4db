with latest as (
    select * from {{ ref('stg_files__resolutions') }}
),

final as (
    select
        latest.resolution_id,
        latest.subject,
        latest.subject_id,
        latest.decision,
        {{ resolve_employee('to_employee_id') }} as to_employee_id,
        latest.to_employee_id as to_employee_id_raw,
        latest.reason,
        latest.decided_by,
        nullif({{ resolve_employee('decided_by') }}, 'UNRESOLVED') as decided_by_employee_id,
        latest.decided_at,
        {{ business_date('latest.decided_at') }} as decided_date,
        {{ lineage('resolutions', ['latest.resolution_id']) }}
    from latest
    {{ join_employees(['to_employee_id', 'decided_by']) }}
    where {{ happened('decided_at') }}
)

select * from final
