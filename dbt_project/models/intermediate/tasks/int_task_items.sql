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
            when profiles.profile = 'unprofiled' or targets.target is null then items.target
            when not plans.prorate_targets then targets.target
            else cast({{ exact_div(
                'cast(targets.target as decimal(18, 6)) * profiles.days_in_role', 'profiles.days_in_period', 6, 6
            ) }} as decimal(18, 6))
        end as wanted_target
    from profiles
    inner join {{ source('plans', 'task_items') }} as items
        on profiles.plan_hash = items.plan_hash
        and profiles.component_id = items.component_id
        and profiles.profile = items.profile
    inner join {{ source('plans', 'task_rules') }} as rules
        on profiles.plan_hash = rules.plan_hash and profiles.component_id = rules.component_id
    inner join {{ source('plans', 'plans') }} as plans on profiles.plan_hash = plans.plan_hash
    left join {{ ref('stg_targets') }} as targets
        on profiles.employee_id = targets.employee_id
        and items.measure = targets.kpi_id
        and profiles.period = targets.period
),

-- an item names a measure, or else a KPI
known_measures as (
    select distinct measure from {{ ref('fct_measures') }}
),

figures as (
    select
        measures.employee_id,
        measures.period,
        measures.measure,
        measures.value
    from {{ ref('fct_measures') }} as measures
    where measures.employee_id in (select profiles.employee_id from profiles)
    union all
    select
        kpis.employee_id,
        kpis.period,
        kpis.kpi_id as measure,
        kpis.value
    from {{ ref('fct_kpi_values') }} as kpis
    where kpis.employee_id in (select profiles.employee_id from profiles)
        and kpis.kpi_id in (select wanted.measure from {{ source('plans', 'task_items') }} as wanted)
        and kpis.kpi_id not in (select known_measures.measure from known_measures)
),

best as (
    select
        items.employee_id,
        items.plan_hash,
        items.component_id,
        items.period,
        items.measure,
        items.best_months,
        coalesce(figures.value, 0) as value,
        row_number() over (
            partition by items.employee_id, items.plan_hash, items.component_id, items.period, items.measure
            order by coalesce(figures.value, 0) desc, complete.period asc
        ) as best_no
    from items
    inner join {{ ref('int_complete_months') }} as complete
        on items.employee_id = complete.employee_id
        and complete.starts_on < items.starts_on
        and complete.starts_on >= {{ add_months('items.starts_on', '-cast(items.history_months as integer)') }}
    left join figures
        on complete.employee_id = figures.employee_id
        and complete.period = figures.period
        and items.measure = figures.measure
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

reached as (
    select
        capped.*,
        case when known.measure is not null then coalesce(figures.value, 0) else figures.value end as actual
    from capped
    left join known_measures as known on capped.measure = known.measure
    left join figures
        on capped.employee_id = figures.employee_id
        and capped.period = figures.period
        and capped.measure = figures.measure
),

final as (
    select
        reached.*,
        case
            when target > 0 and actual is not null then {{ exact_div('greatest(actual, 0)', 'target', 6, 6) }}
        end as attainment
    from reached
)

select * from final
