-- One row per employee, rate table and interval: the quota, ramped for new hires and prorated by days in role (unless
-- the plan says no). NULL when no target row exists for any of its months (reading 24, rulebook 4.4).
with intervals as (
    select distinct
        credits.employee_id,
        credits.plan_id,
        credits.plan_hash,
        credits.component_id,
        credits.interval_id,
        credits.interval_unit,
        credits.quota_kpi
    from {{ ref('int_table_credits') }} as credits
    where credits.tier_unit = 'quota_pct'
),

months as (
    select
        intervals.*,
        periods.period,
        periods.starts_on,
        periods.days,
        case intervals.interval_unit when 'year' then 12 when 'quarter' then 3 else 1 end as month_count
    from intervals
    inner join {{ ref('int_months') }} as periods
        on intervals.interval_id = case intervals.interval_unit
            when 'year' then periods.year
            when 'quarter' then periods.quarter
            else periods.period
        end
),

role_days as (
    {{ component_role_days(
        ['commission'], 'assignments.employee_id in (select intervals.employee_id from intervals)'
    ) }}
),

monthly as (
    select
        months.employee_id,
        months.plan_hash,
        months.component_id,
        months.interval_id,
        case
            when interval_targets.target is not null or month_targets.target is not null then 1
            else 0
        end as has_target,
        coalesce(interval_targets.target, month_targets.target, 0) as target,
        case when interval_targets.target is not null then months.month_count else 1 end as target_months,
        coalesce(ramps.factor, 1) as factor,
        case when plans.prorate_targets then coalesce(role_days.days_in_role, 0) else months.days end as days_in_role,
        months.days
    from months
    left join {{ ref('stg_targets') }} as interval_targets
        on months.employee_id = interval_targets.employee_id
        and months.quota_kpi = interval_targets.kpi_id
        and months.interval_id = interval_targets.period
    left join {{ ref('stg_targets') }} as month_targets
        on months.employee_id = month_targets.employee_id
        and months.quota_kpi = month_targets.kpi_id
        and months.period = month_targets.period
    left join role_days
        on months.employee_id = role_days.employee_id
        and months.plan_hash = role_days.plan_hash
        and months.component_id = role_days.component_id
        and months.period = role_days.period
    inner join {{ source('plans', 'plans') }} as plans on months.plan_hash = plans.plan_hash
    left join {{ ref('stg_employees') }} as employees on months.employee_id = employees.employee_id
    left join {{ source('plans', 'quota_ramps') }} as ramps
        on months.plan_hash = ramps.plan_hash
        and months.component_id = ramps.component_id
        and (extract(year from months.starts_on) - extract(year from employees.hire_date)) * 12
        + extract(month from months.starts_on) - extract(month from employees.hire_date) + 1 = ramps.month_no
),

weighted as (
    select
        monthly.*,
        -- 28, 29, 30 and 31 days divide 377,580: the sum stays exact until it is rounded once
        cast(target as decimal(20, 6)) * cast(factor as decimal(9, 6)) * cast(
            days_in_role * {{ int_div('12', 'target_months') }} * {{ int_div('377580', 'days') }} as decimal(9, 0)
        ) as weighted_target
    from monthly
),

final as (
    select
        employee_id,
        plan_hash,
        component_id,
        interval_id,
        case when max(has_target) = 1 then
            {{ exact_div('sum(weighted_target)', '4530960', 6, 12) }}
        end as quota
    from weighted
    group by employee_id, plan_hash, component_id, interval_id
)

select * from final
