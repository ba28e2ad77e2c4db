-- One row per employee, month and scorecard plan: group scores, total, grade and rank (rulebook 9).
with totals as (
    select * from {{ ref('int_scorecard_totals') }}
),

graded as (
    select
        totals.employee_id,
        totals.period,
        totals.plan_hash,
        totals.component_id,
        max(grades.min_score) as min_score
    from totals
    inner join {{ source('plans', 'scorecard_grades') }} as grades
        on totals.plan_hash = grades.plan_hash
        and totals.component_id = grades.component_id
        and totals.total_score >= grades.min_score
    group by totals.employee_id, totals.period, totals.plan_hash, totals.component_id
),

final as (
    select
        totals.employee_id,
        totals.period,
        totals.plan_id,
        cast(totals.business_score as decimal(18, 4)) as business_score,
        cast(totals.management_score as decimal(18, 4)) as management_score,
        cast(totals.violation_count as bigint) as violations,
        cast(totals.total_score as decimal(18, 4)) as total_score,
        grades.grade,
        case
            when totals.total_score is not null
                then cast(rank() over (
                    partition by totals.period, totals.department, totals.total_score is null
                    order by totals.total_score desc
                ) as bigint)
        end as {{ adapter.quote('rank') }},
        coalesce(violations.year_rectified_count >= totals.min_rectification * violations.year_count, true) as annual_award_eligible,
        totals.department,
        totals.team_id,
        cast(totals.days_in_role as bigint) as days_in_role,
        cast(totals.days_in_period as bigint) as days_in_period,
        cast(coalesce(totals.service_bonus, 0) as decimal(18, 6)) as service_bonus,
        case when totals.is_unscored then 'no_scored_kpi' end as reason,
        totals.component_id,
        totals.plan_hash
    from totals
    left join graded
        on totals.employee_id = graded.employee_id
        and totals.period = graded.period
        and totals.plan_hash = graded.plan_hash
        and totals.component_id = graded.component_id
    left join {{ source('plans', 'scorecard_grades') }} as grades
        on graded.plan_hash = grades.plan_hash
        and graded.component_id = grades.component_id
        and graded.min_score = grades.min_score
    left join {{ ref('int_violation_counts') }} as violations
        on totals.employee_id = violations.employee_id and totals.period = violations.period
)

select * from final
