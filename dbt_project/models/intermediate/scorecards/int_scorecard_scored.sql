-- One row per card and KPI: status, base score, training bonus and score (rulebook 9). `ungated_status` and
-- `full_base_score` say what the item would be without its course gate, and when its target is reached.
with measured as (
    select
        measured.*,
        courses.course_id is not null as is_course_completed,
        coalesce(courses.is_passed, false) as is_course_passed,
        courses.best_exam_score,
        case when measured.attainment is not null then least(measured.attainment, measured.max_attainment) end as capped_attainment
    from {{ ref('int_scorecard_measured') }} as measured
    left join {{ ref('int_course_states') }} as courses
        on measured.employee_id = courses.employee_id
        and measured.course_id = courses.course_id
        and measured.period = courses.period
),

judged as (
    select
        measured.*,
        is_gate and not is_course_completed as is_gated,
        case
            when is_off_month then 'no_data'
            when kpi_reason = 'breach' then 'excluded'
            when value is null or target is null or (direction = 'higher' and target <= 0) then 'no_data'
            else 'scored'
        end as ungated_status,
        case
            when is_off_month then 'no_data'
            when kpi_reason = 'breach' then 'breach'
            when value is null then coalesce(kpi_reason, 'no_data')
            when target is null then 'no_target'
            when direction = 'higher' and target <= 0 then 'zero_target'
        end as ungated_reason,
        greatest(case
            when method = 'pass_fail' then case when is_reached then 100 else 0 end
            when method = 'threshold' and is_reached then 100
            when method = 'threshold' then 100 * capped_attainment - deduct
            else 100 * capped_attainment
        end, 0) as own_base_score,
        case
            when not is_course_passed then 0
            when training_bonus = 'flat' then bonus_points
            when training_bonus = 'exam_pct'
                then round(cast(coalesce(best_exam_score, 0) as decimal(10, 2)) * cast(exam_rate as decimal(14, 8)), 4)
            else 0
        end as earned_bonus,
        case
            when training_bonus = 'flat' then bonus_points
            when training_bonus = 'exam_pct' then round(100 * cast(exam_rate as decimal(14, 8)), 4)
            else 0
        end as possible_bonus
    from measured
),

final as (
    select
        judged.*,
        case when is_gated then 'excluded' else ungated_status end as status,
        case when is_gated then 'course_not_completed' else ungated_reason end as reason,
        cast(round(own_base_score, 4) as decimal(18, 4)) as own_score_base,
        cast(greatest(least(round(own_base_score, 4) + earned_bonus, score_cap), 0) as decimal(18, 4)) as own_score,
        cast(greatest(least(round(own_base_score, 4) + possible_bonus, score_cap), 0) as decimal(18, 4)) as passed_score,
        cast(greatest(least(100 + earned_bonus, score_cap), 0) as decimal(18, 4)) as reached_score,
        cast(earned_bonus as decimal(18, 4)) as own_training_bonus
    from judged
)

select * from final
