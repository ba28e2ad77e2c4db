-- One row per employee, plan, month and task item: wanted target, capability, cut target and what was reached.
with profiles as (
    select * from {{ ref('int_task_profiles') }}
),

items as (
    select
        profiles.*,
        items.ordinal,
        items.measure,
        items.weight,
        rules.best_months,
        rules.attainment_cap,
        rules.target_cap,
        case
            when profiles.profile = 'unprofiled' then items.target
            else coalesce(targets.target, items.target)
        end as wanted_target
    from profiles
    inner join {{ source('plans', 'task_items') }} as items
        on profiles.plan_hash = items.plan_hash
        and profiles.component_id = items.component_id
        and profiles.profile = items.profile
    inner join {{ source('plans', 'task_rules') }} as rules
        on profiles.plan_hash = rules.plan_hash and profiles.component_id = rules.component_id
    left join {{ ref('stg_targets') }} as targets
        on profiles.employee_id = targets.employee_id
        and items.measure = targets.kpi_id
        and profiles.period = targets.period
),

best as (
    select
        items.employee_id,
        items.plan_hash,
        items.component_id,
        items.period,
        items.measure,
        items.best_months,
        measures.value,
        row_number() over (
            partition by items.employee_id, items.plan_hash, items.component_id, items.period, items.measure
            order by measures.value desc, measures.period asc
        ) as best_no
    from items
    inner join {{ ref('int_complete_months') }} as complete
        on items.employee_id = complete.employee_id
        and complete.starts_on < items.starts_on
        and complete.starts_on >= {{ add_months('items.starts_on', '-cast(items.history_months as integer)') }}
    inner join {{ ref('fct_measures') }} as measures
        on complete.employee_id = measures.employee_id
        and complete.period = measures.period
        and items.measure = measures.measure
    where items.profile != 'unprofiled'
),

capabilities as (
    select
        employee_id,
        plan_hash,
        component_id,
        period,
        measure,
        {{ exact_div('sum(value)', 'count(*)', 6, 6) }} as capability
    from best
    where best_no <= best_months
    group by employee_id, plan_hash, component_id, period, measure
),

capped as (
    select
        items.*,
        capabilities.capability,
        case
            when capabilities.capability is null or items.measure not in ('new_customers', 'new_customer_amount')
                then items.wanted_target
            when items.measure = 'new_customers'
                then least(items.wanted_target, cast(floor(items.target_cap * capabilities.capability) as decimal(18, 6)))
            else least(items.wanted_target, cast(round(items.target_cap * capabilities.capability, 2) as decimal(18, 6)))
        end as target
    from items
    left join capabilities
        on items.employee_id = capabilities.employee_id
        and items.plan_hash = capabilities.plan_hash
        and items.component_id = capabilities.component_id
        and items.period = capabilities.period
        and items.measure = capabilities.measure
),

final as (
    select
        capped.*,
        coalesce(measures.value, 0) as actual,
        case
            when capped.target > 0 then {{ exact_div(
                'greatest(coalesce(measures.value, 0), 0)',
                'capped.target',
                6, 6
            ) }}
        end as attainment
    from capped
    left join {{ ref('fct_measures') }} as measures
        on capped.employee_id = measures.employee_id
        and capped.period = measures.period
        and capped.measure = measures.measure
)

select * from final
