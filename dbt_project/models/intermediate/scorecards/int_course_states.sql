-- One row per employee, course and month by whose end it was completed: whether passed, and the best exam of the
-- attempts passed so far (reading 33).
select
    results.employee_id,
    results.course_id,
    periods.period,
    bool_or(coalesce(results.passed, false)) as is_passed,
    max(case when results.passed then results.exam_score end) as best_exam_score
from {{ ref('stg_course_results') }} as results
inner join {{ ref('int_periods') }} as periods on results.completed_date <= periods.ends_on
group by results.employee_id, results.course_id, periods.period
