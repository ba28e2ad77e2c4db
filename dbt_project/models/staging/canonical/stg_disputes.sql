-- One row per dispute that a delivery brought. It decides nothing of pay: an adjustment that names it does.
with latest as (
    select * from {{ ref('stg_files__disputes') }}
),

final as (
    select
        latest.dispute_id,
        latest.line_id,
        latest.opened_by,
        nullif({{ resolve_employee('opened_by') }}, 'UNRESOLVED') as opened_by_employee_id,
        latest.reason,
        latest.opened_at,
        {{ lineage('disputes', ['latest.dispute_id']) }}
    from latest
    {{ join_employees(['opened_by']) }}
)

select * from final
