-- One row per employee and first day of a role. Other spellings of one employee are in stg_rejections.
with latest as (
    select * from {{ ref('stg_files__employee_assignments') }}
),

resolved as (
    select
        {{ resolve_employee('employee_id') }} as employee_id,
        latest.employee_id as employee_id_raw,
        latest.department,
        latest.position,
        latest.team_id,
        {{ resolve_employee('manager_id') }} as manager_id,
        latest.manager_id as manager_id_raw,
        latest.bonus_base,
        latest.valid_from,
        latest.valid_to,
        {{ lineage('employee_assignments', ['latest.employee_id', 'latest.valid_from']) }}
    from latest
    {{ join_employees(['employee_id', 'manager_id']) }}
),

ranked as (
    {{ rank_resolved_keys('resolved', ['valid_from']) }}
),

final as (
    select
        employee_id,
        employee_id_raw,
        department,
        position,
        team_id,
        manager_id,
        manager_id_raw,
        bonus_base,
        valid_from,
        valid_to,
        source,
        source_table,
        record_id,
        load_id,
        load_seq,
        content_hash,
        source_location
    from ranked
    where key_rank = 1 and rows_in_load = 1
)

select * from final
