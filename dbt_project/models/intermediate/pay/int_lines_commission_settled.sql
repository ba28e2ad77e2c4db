-- One row per commission line with its status, and one per release or forfeit in a later month (rulebook 3, 4.6, 5).
-- A refund under a rate table of something with a reason to hold has a second line, detail 'interval': what moves the
-- tiers of other transactions is held with nothing but its earner.
with transfers as (
    select
        'closing' as component,
        deal_id,
        change_id
    from {{ ref('fct_transfers') }}
    where deal_id is not null and (is_abnormal or not has_reason)
),

process as (
    select
        'origination' as component,
        months.*
    from {{ ref('int_process_months') }} as months
    where not months.is_reached
),

-- whether a month reached its process bonus depends on leads and visits that may be in quarantine
unread_process as (
    select distinct
        'origination' as component,
        months.employee_id,
        months.plan_id,
        months.period
    from {{ ref('int_process_months') }} as months
    inner join {{ ref('int_unread_months') }} as unread
        on months.employee_id = unread.employee_id and months.period = unread.period and unread.kind = 'month'
),

judged as (
    select
        lines.component,
        lines.component_id,
        lines.plan_id,
        lines.plan_hash,
        lines.deal_id,
        lines.transaction_id,
        cast(null as {{ dbt.type_string() }}) as kpi_id,
        lines.employee_id,
        lines.period,
        lines.origin_period,
        lines.currency,
        lines.basis_amount,
        lines.rate,
        lines.amount,
        lines.retiering_amount,
        cast(null as {{ dbt.type_string() }}) as note,
        lines.is_bad_split,
        lines.is_unresolved,
        transfers.change_id is not null as is_transfer_held,
        coalesce(
            process.origination_policy = 'held'
            and (process.release_period is null or lines.period < process.release_period),
            false
        ) as is_process_held,
        coalesce(process.origination_policy = 'forfeited', false) as is_forfeited,
        lines.is_terminated,
        lines.is_plan_missing,
        lines.is_fx_missing,
        lines.is_unread as is_total_unread,
        lines.is_unread or unread_process.period is not null as is_unread,
        lines.is_bad_split
        or lines.is_unresolved
        or transfers.change_id is not null
        or coalesce(process.origination_policy != 'paid', false)
        or lines.is_terminated
        or lines.is_unread
        or unread_process.period is not null as has_reason,
        transfers.change_id,
        lines.first_origin_transaction_id as reversed_transaction_id,
        process.release_period
    from {{ ref('int_lines_commission') }} as lines
    left join transfers on lines.component = transfers.component and lines.deal_id = transfers.deal_id
    left join process
        on lines.component = process.component
        and lines.employee_id = process.employee_id
        and lines.plan_id = process.plan_id
        and lines.origin_period = process.period
    left join unread_process
        on lines.component = unread_process.component
        and lines.employee_id = unread_process.employee_id
        and lines.plan_id = unread_process.plan_id
        and lines.origin_period = unread_process.period
),

lines_due as (
    select
        judged.component,
        judged.component_id,
        judged.plan_id,
        judged.plan_hash,
        judged.deal_id,
        judged.transaction_id,
        judged.kpi_id,
        judged.employee_id,
        judged.period,
        judged.origin_period,
        judged.currency,
        judged.basis_amount,
        judged.rate,
        judged.amount - case when judged.has_reason then judged.retiering_amount else 0 end as amount,
        judged.note,
        judged.is_bad_split,
        judged.is_unresolved,
        judged.is_transfer_held,
        judged.is_process_held,
        judged.is_forfeited,
        judged.is_terminated,
        judged.is_plan_missing,
        judged.is_fx_missing,
        judged.is_unread,
        judged.change_id,
        judged.reversed_transaction_id,
        judged.release_period
    from judged
    union all
    select
        judged.component,
        judged.component_id,
        judged.plan_id,
        judged.plan_hash,
        judged.deal_id,
        judged.transaction_id,
        'interval' as kpi_id,
        judged.employee_id,
        judged.period,
        judged.origin_period,
        judged.currency,
        cast(0 as decimal(18, 2)) as basis_amount,
        judged.rate,
        judged.retiering_amount as amount,
        judged.note,
        false as is_bad_split,
        judged.is_unresolved,
        false as is_transfer_held,
        false as is_process_held,
        false as is_forfeited,
        false as is_terminated,
        false as is_plan_missing,
        false as is_fx_missing,
        judged.is_total_unread as is_unread,
        cast(null as {{ dbt.type_string() }}) as change_id,
        judged.transaction_id as reversed_transaction_id,
        cast(null as {{ dbt.type_string() }}) as release_period
    from judged
    where judged.has_reason and judged.retiering_amount != 0
),

settled as (
    {{ settle_lines('lines_due') }}
),

final as (
    select
        line_id,
        component,
        component_id,
        plan_id,
        plan_hash,
        deal_id,
        transaction_id,
        cast(null as {{ dbt.type_string() }}) as kpi_id,
        employee_id,
        period,
        origin_period,
        currency,
        basis_amount,
        rate,
        cast(amount as decimal(18, 2)) as amount,
        status,
        reason
    from settled
)

select * from final
