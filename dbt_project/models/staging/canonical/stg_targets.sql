-- One row per employee, KPI and period. Other spellings of one employee are in stg_rejections.
with latest as (
    select * from {{ ref('stg_files__targets') }}
),

resolved as (
    select
        {{ resolve_employee('employee_id') }} as employee_id,
        latest.employee_id as employee_id_raw,
        latest.kpi_id,
        latest.period,
        latest.target,
        {{ lineage('targets', ['latest.employee_id', 'latest.kpi_id', 'latest.period']) }}
    from latest
    {{ join_employees(['employee_id']) }}
),

ranked as (
    {{ rank_resolved_keys('resolved', ['kpi_id', 'period']) }}
),

final as (
    select
        employee_id,
        employee_id_raw,
        kpi_id,
        period,
        target,
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
