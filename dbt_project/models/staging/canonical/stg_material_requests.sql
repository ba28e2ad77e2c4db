with latest as (
    select * from {{ ref('stg_files__material_requests') }}
),

final as (
    select
        latest.request_id,
        latest.material_id,
        {{ resolve_employee('handler_employee_id') }} as handler_employee_id,
        latest.handler_employee_id as handler_employee_id_raw,
        latest.requested_at,
        {{ business_date('latest.requested_at') }} as requested_date,
        {{ so_far('issued_at') }} as issued_at,
        {{ business_date(so_far('issued_at')) }} as issued_date,
        {{ lineage('material_requests', ['latest.request_id']) }}
    from latest
    {{ join_employees(['handler_employee_id']) }}
    where {{ happened('requested_at') }}
)

select * from final
