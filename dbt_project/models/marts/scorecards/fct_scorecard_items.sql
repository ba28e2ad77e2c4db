-- One row per employee, month, plan and KPI: how it was scored, left out for want of data, or excluded (rulebook 9).
with items as (
    select * from {{ ref('int_scorecard_scored') }}
),

final as (
    select
        employee_id,
        period,
        plan_id,
        kpi_id,
        group_name as {{ adapter.quote('group') }},
        weight,
        case when not is_off_month then cast(attainment as decimal(28, 6)) end as attainment,
        case
            when status = 'scored' then own_score_base
            when status = 'excluded' and excluded_policy = 'zero' then 0
        end as base_score,
        case
            when status = 'scored' then own_training_bonus
            when status = 'excluded' and excluded_policy = 'zero' then 0
        end as training_bonus,
        case
            when status = 'scored' then own_score
            when status = 'excluded' and excluded_policy = 'zero' then 0
        end as score,
        status,
        reason,
        cast(value as decimal(28, 6)) as value,
        cast(target as decimal(28, 6)) as target,
        is_reached and not is_off_month as is_reached,
        status = 'scored' or (status = 'excluded' and excluded_policy = 'zero') as is_counted,
        course_id,
        component_id,
        plan_hash
    from items
)

select * from final
