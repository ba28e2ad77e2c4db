with latest as (
    select * from {{ ref('stg_files__source_users') }}
),

final as (
    select
        latest.source as user_source,
        latest.source_user_id,
        {{ resolve_employee('employee_id') }} as employee_id,
        latest.employee_id as employee_id_raw,
        {{ lineage('source_users', ['latest.source', 'latest.source_user_id']) }}
    from latest
    {{ join_employees(['employee_id']) }}
)

select * from final
