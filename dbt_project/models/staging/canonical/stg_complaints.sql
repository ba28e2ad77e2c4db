with latest as (
    select * from {{ ref('stg_files__complaints') }}
),

final as (
    select
        latest.complaint_id,
        latest.customer_id,
        {{ resolve_employee('employee_id') }} as employee_id,
        latest.employee_id as employee_id_raw,
        latest.opened_at,
        {{ business_date('latest.opened_at') }} as opened_date,
        latest.due_at,
        {{ business_date('latest.due_at') }} as due_date,
        {{ so_far('handled_at') }} as handled_at,
        {{ business_date(so_far('handled_at')) }} as handled_date,
        {{ lineage('complaints', ['latest.complaint_id']) }}
    from latest
    {{ join_employees(['employee_id']) }}
    where {{ happened('opened_at') }}
)

select * from final
