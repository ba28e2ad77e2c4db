-- One row per commission line: component, deal, transaction, earner and month of the positive transaction. Pieces of
-- one refund on positives of one month are one line.
{%- set line = 'component, component_id, plan_id, plan_hash, deal_id, transaction_id, employee_id, period, origin_period, currency' %}
{%- set flags = ['is_bad_split', 'is_unresolved', 'is_terminated', 'is_plan_missing', 'is_fx_missing', 'is_unread'] %}
with plan_days as (
    select distinct
        valid_from,
        valid_to
    from {{ source('plans', 'plans') }}
),

-- from the end of the first plan of a department to the beginning of its last one
department_spans as (
    select
        departments.department,
        min(plans.valid_to) as first_end,
        max(plans.valid_from) as last_start
    from {{ source('plans', 'plans') }} as plans
    inner join {{ source('plans', 'plan_departments') }} as departments on plans.plan_hash = departments.plan_hash
    group by departments.department
),

credits as (
    select
        earners.deal_id,
        earners.transaction_id,
        earners.pool,
        earners.employee_id,
        {{ period_of('earners.business_date') }} as period,
        {{ period_of('earners.origin_date') }} as origin_period,
        earners.origin_date,
        earners.origin_transaction_id,
        earners.currency,
        earners.plan_id,
        earners.plan_hash,
        earners.component_id,
        earners.has_table,
        earners.rate,
        earners.is_bad_split,
        earners.has_fx_rate,
        earners.department,
        employees.termination_date,
        earners.credited_amount,
        case when earners.has_table then table_earnings.earning_amount else earners.flat_earning end as amount,
        coalesce(table_earnings.retiering_amount, 0) as retiering_amount,
        unread.deal_id is not null or coalesce(table_earnings.is_unread, false) as is_unread
    from {{ ref('int_pool_parts') }} as earners
    left join {{ ref('stg_employees') }} as employees on earners.employee_id = employees.employee_id
    left join {{ ref('int_table_earnings') }} as table_earnings
        on earners.deal_id = table_earnings.deal_id
        and earners.transaction_id = table_earnings.transaction_id
        and earners.origin_transaction_id = table_earnings.origin_transaction_id
        and earners.pool = table_earnings.pool
        and earners.employee_id = table_earnings.employee_id
    left join {{ ref('int_unread_credits') }} as unread
        on earners.deal_id = unread.deal_id
        and earners.transaction_id = unread.transaction_id
        and earners.origin_transaction_id = unread.origin_transaction_id
        and earners.pool = unread.pool
        and earners.employee_id = unread.employee_id
),

planned as (
    select
        credits.*,
        plans.terminated_policy,
        false as is_plan_missing
    from credits
    inner join {{ source('plans', 'plans') }} as plans on credits.plan_hash = plans.plan_hash
),

-- an earner without any plan on a day on which the company has one, or that lies between two plans of his department:
-- shown with nothing and held
unplanned as (
    select
        credits.*,
        cast(null as {{ dbt.type_string() }}) as terminated_policy,
        true as is_plan_missing
    from credits
    left join {{ ref('int_plan_roles') }} as roles
        on credits.employee_id = roles.employee_id
        and credits.origin_date >= roles.valid_from
        and credits.origin_date < roles.valid_to
    where credits.plan_hash is null
        and credits.pool in ('origination', 'closing')
        and roles.employee_id is null
        and (
            exists (
                select 1
                from plan_days
                where credits.origin_date >= plan_days.valid_from and credits.origin_date < plan_days.valid_to
            )
            or exists (
                select 1
                from department_spans
                where credits.origin_date >= department_spans.first_end
                    and credits.origin_date < department_spans.last_start
                    and (credits.department = department_spans.department or credits.employee_id = 'UNRESOLVED')
            )
        )
),

both_kinds as (
    select * from planned
    union all
    select * from unplanned
),

judged as (
    select
        pool as component,
        coalesce(component_id, '') as component_id,
        coalesce(plan_id, '') as plan_id,
        plan_hash,
        deal_id,
        transaction_id,
        employee_id,
        period,
        origin_period,
        currency,
        origin_date,
        origin_transaction_id,
        credited_amount,
        case when not has_table then rate end as rate,
        has_table,
        amount,
        retiering_amount,
        is_bad_split,
        employee_id = 'UNRESOLVED' as is_unresolved,
        coalesce(termination_date < origin_date, false) and coalesce(terminated_policy, 'hold') != 'pay' as is_terminated,
        is_plan_missing,
        not has_fx_rate as is_fx_missing,
        is_unread
    from both_kinds
),

-- a positive transaction is one line already
wholes as (
    select
        {{ line }},
        origin_transaction_id as first_origin_transaction_id,
        cast(credited_amount as decimal(18, 2)) as basis_amount,
        rate,
        cast(amount as decimal(18, 2)) as amount,
        cast(retiering_amount as decimal(18, 2)) as retiering_amount,
        {{ flags | join(', ') }}
    from judged
    where transaction_id = origin_transaction_id
),

pieces as (
    select
        {{ line }},
        substring(
            min(cast(origin_date as {{ dbt.type_string() }}) || '|' || origin_transaction_id), 12
        ) as first_origin_transaction_id,
        cast(sum(credited_amount) as decimal(18, 2)) as basis_amount,
        case when min(rate) = max(rate) and not bool_or(has_table) then min(rate) end as rate,
        cast(sum(amount) as decimal(18, 2)) as amount,
        cast(sum(retiering_amount) as decimal(18, 2)) as retiering_amount,
        {%- for flag in flags %}
        bool_or({{ flag }}) as {{ flag }}{{ ',' if not loop.last }}
        {%- endfor %}
    from judged
    where transaction_id != origin_transaction_id
    group by {{ line }}
),

final as (
    select * from wholes
    union all
    select * from pieces
)

select * from final
