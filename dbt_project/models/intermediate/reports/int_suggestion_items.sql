-- One row per suggestion and item of its card: the card with one item changed (rulebook 13). Kinds: reach_target,
-- complete_course, pass_exam.
with items as (
    select * from {{ ref('int_scorecard_scored') }}
),

own as (
    select
        items.*,
        status = 'scored' or (status = 'excluded' and excluded_policy = 'zero') as is_counted,
        case
            when status = 'scored' then own_score
            when status = 'excluded' and excluded_policy = 'zero' then 0
        end as score
    from items
),

suggestions as (
    select
        'reach_target' as kind,
        items.*
    from items
    where not items.is_gated
        and not items.is_off_month
        and (
            (items.status = 'scored' and not items.is_reached)
            or (items.status = 'excluded' and items.reason = 'breach')
        )
    union all
    select
        'complete_course' as kind,
        items.*
    from items
    where items.is_gated
    union all
    select
        'pass_exam' as kind,
        items.*
    from items
    where items.status = 'scored'
        and items.course_id is not null
        and items.training_bonus in ('flat', 'exam_pct')
        and not items.is_course_passed
        and items.passed_score > items.own_score
),

changed as (
    select
        suggestions.kind,
        suggestions.employee_id,
        suggestions.period,
        suggestions.plan_hash,
        suggestions.component_id,
        suggestions.kpi_id as suggested_kpi_id,
        case
            when suggestions.kind = 'complete_course' then suggestions.ungated_status
            else 'scored'
        end as status,
        case
            when suggestions.kind = 'reach_target' then suggestions.reached_score
            when suggestions.kind = 'pass_exam' then suggestions.passed_score
            when suggestions.ungated_status = 'scored'
                then cast(greatest(least(suggestions.own_score_base, suggestions.score_cap), 0) as decimal(18, 4))
            when suggestions.ungated_status = 'excluded' and suggestions.excluded_policy = 'zero' then 0
        end as score,
        suggestions.kind = 'reach_target' or (suggestions.is_reached and suggestions.ungated_status = 'scored') as is_reached,
        suggestions.kind != 'complete_course'
        or suggestions.ungated_status = 'scored'
        or (suggestions.ungated_status = 'excluded' and suggestions.excluded_policy = 'zero') as is_counted
    from suggestions
),

final as (
    select
        changed.kind || '|' || changed.suggested_kpi_id as variant,
        changed.kind,
        changed.suggested_kpi_id,
        own.employee_id,
        own.period,
        own.plan_hash,
        own.component_id,
        own.kpi_id,
        own.group_name,
        own.weight,
        case when own.kpi_id = changed.suggested_kpi_id then changed.status else own.status end as status,
        case when own.kpi_id = changed.suggested_kpi_id then changed.score else own.score end as score,
        case when own.kpi_id = changed.suggested_kpi_id then changed.is_counted else own.is_counted end as is_counted,
        case when own.kpi_id = changed.suggested_kpi_id then changed.is_reached else own.is_reached end as is_reached
    from changed
    inner join own
        on changed.employee_id = own.employee_id
        and changed.period = own.period
        and changed.plan_hash = own.plan_hash
        and changed.component_id = own.component_id
)

select * from final
