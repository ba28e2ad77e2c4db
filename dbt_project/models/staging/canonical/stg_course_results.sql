-- One row per employee, course and attempt. Other spellings of one employee are in stg_rejections.
with latest as (
    select * from {{ ref('stg_files__course_results') }}
),

resolved as (
    select
        {{ resolve_employee('employee_id') }} as employee_id,
        latest.employee_id as employee_id_raw,
        latest.course_id,
        coalesce(latest.attempt, 1) as attempt,
        latest.completed_at,
        {{ business_date('latest.completed_at') }} as completed_date,
        latest.hours,
        latest.exam_score,
        latest.passed,
        {{ lineage('course_results', ['latest.employee_id', 'latest.course_id', 'coalesce(latest.attempt, 1)']) }}
    from latest
    {{ join_employees(['employee_id']) }}
    where {{ happened('completed_at') }}
),

ranked as (
    {{ rank_resolved_keys('resolved', ['course_id', 'attempt']) }}
),

final as (
    select
        employee_id,
        employee_id_raw,
        course_id,
        attempt,
        completed_at,
        completed_date,
        hours,
        exam_score,
        passed,
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
