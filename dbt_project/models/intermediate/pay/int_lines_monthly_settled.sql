-- One row per monthly line with its status, and one per release in a later month.
with looking_back as (
    select
        lines.component,
        lines.component_id,
        lines.plan_hash,
        lines.employee_id,
        lines.period,
        case
            when lines.component = 'task' then tasks.history_months
            when growth.baseline_kind = 'last_year' then 12
            when growth.baseline_kind is not null then growth.baseline_months
            when lines.component like 'bonus_%' then cast(extract(month from {{ period_start('lines.period') }}) - 1 as integer) % 3
            else 0
        end as months_back
    from {{ ref('int_lines_monthly') }} as lines
    left join {{ source('plans', 'task_rules') }} as tasks
        on lines.plan_hash = tasks.plan_hash and lines.component_id = tasks.component_id
    left join {{ source('plans', 'growth_rules') }} as growth
        on lines.plan_hash = growth.plan_hash and lines.component_id = growth.component_id
),

-- computed from a month that depends on a row in quarantine
unread as (
    select distinct
        lines.component,
        lines.component_id,
        lines.plan_hash,
        lines.employee_id,
        lines.period
    from looking_back as lines
    inner join {{ ref('int_unread_months') }} as months
        on lines.employee_id = months.employee_id
        and months.kind = case lines.component when 'points' then 'points' when 'contribution' then 'contacts' else 'month' end
        and lines.period >= months.period
        and {{ add_months(period_start('lines.period'), '-cast(lines.months_back as integer)') }} <= {{ period_start('months.period') }}
),

monthly as (
    select
        lines.component,
        lines.component_id,
        lines.plan_id,
        lines.plan_hash,
        cast(null as {{ dbt.type_string() }}) as deal_id,
        cast(null as {{ dbt.type_string() }}) as transaction_id,
        lines.kpi_id,
        lines.employee_id,
        lines.period,
        lines.period as origin_period,
        lines.currency,
        lines.basis_amount,
        lines.rate,
        lines.amount,
        lines.note,
        false as is_bad_split,
        lines.employee_id = 'UNRESOLVED' as is_unresolved,
        false as is_transfer_held,
        false as is_process_held,
        false as is_forfeited,
        lines.is_terminated,
        false as is_plan_missing,
        false as is_fx_missing,
        unread.period is not null as is_unread,
        cast(null as {{ dbt.type_string() }}) as change_id,
        cast(null as {{ dbt.type_string() }}) as reversed_transaction_id,
        cast(null as {{ dbt.type_string() }}) as release_period
    from {{ ref('int_lines_monthly') }} as lines
    left join unread
        on lines.component = unread.component
        and lines.component_id = unread.component_id
        and lines.plan_hash = unread.plan_hash
        and lines.employee_id = unread.employee_id
        and lines.period = unread.period
),

final as (
    {{ settle_lines('monthly') }}
)

select * from final
