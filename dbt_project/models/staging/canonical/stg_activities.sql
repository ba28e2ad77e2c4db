with latest as (
    select * from {{ ref('stg_files__activities') }}
),

final as (
    select
        latest.activity_id,
        latest.customer_id,
        {{ resolve_employee('employee_id') }} as employee_id,
        latest.employee_id as employee_id_raw,
        latest.kind,
        latest.started_at,
        {{ business_date('latest.started_at') }} as started_date,
        latest.minutes,
        latest.note,
        latest.deal_id,
        {{ lineage('activities', ['latest.activity_id']) }}
    from latest
    {{ join_employees(['employee_id']) }}
    where {{ happened('started_at') }}
)

select * from final
