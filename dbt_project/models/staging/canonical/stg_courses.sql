with latest as (
    select * from {{ ref('stg_files__courses') }}
),

final as (
    select
        latest.course_id,
        latest.title,
        latest.hours,
        {{ lineage('courses', ['latest.course_id']) }}
    from latest
)

select * from final
