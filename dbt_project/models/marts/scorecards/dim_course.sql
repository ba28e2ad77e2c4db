-- One row per training course that was delivered or that a scorecard links (rulebook 9).
with courses as (
    select
        course_id,
        title,
        hours
    from {{ ref('stg_courses') }}
),

linked as (
    select distinct course_id
    from {{ source('plans', 'scorecard_kpis') }}
    where course_id is not null
),

final as (
    select
        coalesce(courses.course_id, linked.course_id) as course_id,
        courses.title,
        courses.hours,
        linked.course_id is not null as is_linked,
        courses.course_id is not null as is_known
    from courses
    full outer join linked on courses.course_id = linked.course_id
)

select * from final
