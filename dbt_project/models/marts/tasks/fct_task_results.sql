-- One row per employee, month and task item, with the task score of the month (rulebook 6).
with items as (
    select * from {{ ref('int_task_items') }}
),

scores as (
    select
        employee_id,
        plan_hash,
        component_id,
        period,
        {{ exact_div(
            '100 * sum(case
                when attainment is not null then weight * least(attainment, cast(attainment_cap as decimal(18, 6)))
            end)',
            'sum(case when attainment is not null then weight end)', 4, 12
        ) }} as task_score
    from items
    group by employee_id, plan_hash, component_id, period
),

final as (
    select
        items.employee_id,
        items.period,
        items.profile,
        items.measure,
        cast(items.wanted_target as decimal(28, 6)) as wanted_target,
        cast(items.capability as decimal(28, 6)) as capability,
        cast(items.target as decimal(28, 6)) as target,
        cast(items.actual as decimal(28, 6)) as actual,
        cast(items.attainment as decimal(28, 6)) as attainment,
        items.weight,
        cast(scores.task_score as decimal(28, 4)) as task_score,
        case
            when items.wanted_target is null then 'no_target'
            when items.target <= 0 then 'zero_target'
            when items.actual is null then 'no_data'
            when items.profile = 'unprofiled' then 'no_history'
            when items.target < items.wanted_target then 'target_cut'
        end as reason,
        items.plan_id,
        items.component_id,
        items.plan_hash
    from items
    inner join scores
        on items.employee_id = scores.employee_id
        and items.plan_hash = scores.plan_hash
        and items.component_id = scores.component_id
        and items.period = scores.period
)

select * from final
