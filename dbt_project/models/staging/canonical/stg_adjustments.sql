-- One row per adjustment that another person approved than wrote it. The others are in stg_rejections.
with latest as (
    select * from {{ ref('stg_files__adjustments') }}
),

final as (
    select
        latest.adjustment_id,
        {{ resolve_employee('employee_id') }} as employee_id,
        latest.employee_id as employee_id_raw,
        latest.period,
        latest.amount,
        latest.currency,
        latest.reason,
        latest.author,
        nullif({{ resolve_employee('author') }}, 'UNRESOLVED') as author_employee_id,
        latest.approver,
        nullif({{ resolve_employee('approver') }}, 'UNRESOLVED') as approver_employee_id,
        latest.dispute_id,
        {{ lineage('adjustments', ['latest.adjustment_id']) }}
    from latest
    {{ join_employees(['employee_id', 'author', 'approver']) }}
    where not {{ is_same_person('author', 'approver') }}
)

select * from final
