-- One row per employee, plan with tasks, and month: the capability profile from the complete months before it
-- (rulebook 6).
with members as (
    {{ component_role_days(['task']) }}
),

months as (
    select
        members.*,
        rules.history_months,
        rules.min_history_months,
        rules.developer_share
    from members
    inner join {{ ref('int_periods') }} as periods on members.period = periods.period
    inner join {{ source('plans', 'task_rules') }} as rules
        on members.plan_hash = rules.plan_hash and members.component_id = rules.component_id
),

history as (
    select
        months.employee_id,
        months.plan_hash,
        months.component_id,
        months.period,
        count(distinct complete.period) as history_count,
        sum(case when measures.measure = 'new_customer_amount' then measures.value else 0 end) as new_customer_amount,
        sum(case when measures.measure = 'repurchase_amount' then measures.value else 0 end) as repurchase_amount
    from months
    inner join {{ ref('int_complete_months') }} as complete
        on months.employee_id = complete.employee_id
        and complete.starts_on < months.starts_on
        and complete.starts_on >= {{ add_months('months.starts_on', '-cast(months.history_months as integer)') }}
    inner join {{ ref('fct_measures') }} as measures
        on complete.employee_id = measures.employee_id
        and complete.period = measures.period
        and measures.measure in ('new_customer_amount', 'repurchase_amount')
    group by months.employee_id, months.plan_hash, months.component_id, months.period
),

final as (
    select
        months.employee_id,
        months.plan_id,
        months.plan_hash,
        months.component_id,
        months.currency,
        months.period,
        months.starts_on,
        months.days_in_period,
        months.days_in_role,
        months.bonus_base_days,
        months.history_months,
        coalesce(history.history_count, 0) as history_count,
        case
            when coalesce(history.history_count, 0) < months.min_history_months then 'unprofiled'
            when history.new_customer_amount + history.repurchase_amount > 0
                and history.new_customer_amount
                >= months.developer_share * (history.new_customer_amount + history.repurchase_amount)
                then 'developer'
            else 'maintainer'
        end as profile
    from months
    left join history
        on months.employee_id = history.employee_id
        and months.plan_hash = history.plan_hash
        and months.component_id = history.component_id
        and months.period = history.period
)

select * from final
