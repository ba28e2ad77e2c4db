with latest as (
    select * from {{ ref('stg_files__course_results') }}
),

final as (
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
)

select * from final
