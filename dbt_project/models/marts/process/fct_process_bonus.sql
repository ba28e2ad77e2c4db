-- One row per employee, plan with a process bonus, and month (rulebook 4.6).
with months as (
    select * from {{ ref('int_process_months') }}
),

origination as (
    select
        employee_id,
        plan_id,
        period,
        sum(case when status = 'held' and reason like '%process%' then amount else 0 end) as origination_held,
        sum(case when status = 'released' and reason = 'process' then amount else 0 end) as origination_released
    from {{ ref('int_lines_commission_settled') }}
    where component = 'origination'
    group by employee_id, plan_id, period
),

final as (
    select
        months.employee_id,
        months.period,
        months.valid_visits,
        months.target,
        months.visitors,
        months.signed_customers,
        cast(months.conversion as decimal(28, 6)) as conversion,
        months.min_conversion,
        months.is_reached,
        cast(case when months.is_reached then months.bonus else 0 end as decimal(18, 2)) as bonus,
        cast(coalesce(origination.origination_held, 0) as decimal(18, 2)) as origination_held,
        cast(coalesce(origination.origination_released, 0) as decimal(18, 2)) as origination_released,
        months.release_period,
        months.plan_id,
        months.component_id,
        months.plan_hash
    from months
    left join origination
        on months.employee_id = origination.employee_id
        and months.plan_id = origination.plan_id
        and months.period = origination.period
)

select * from final
