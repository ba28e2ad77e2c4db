with latest as (
    select * from {{ ref('stg_files__ownership_changes') }}
),

final as (
    select
        latest.change_id,
        latest.customer_id,
        {{ resolve_employee('from_employee_id') }} as from_employee_id,
        latest.from_employee_id as from_employee_id_raw,
        {{ resolve_employee('to_employee_id') }} as to_employee_id,
        latest.to_employee_id as to_employee_id_raw,
        latest.changed_at,
        {{ business_date('latest.changed_at') }} as changed_date,
        latest.reason,
        latest.changed_by,
        {{ lineage('ownership_changes', ['latest.change_id']) }}
    from latest
    {{ join_employees(['from_employee_id', 'to_employee_id']) }}
    where {{ happened('changed_at') }}
)

select * from final
