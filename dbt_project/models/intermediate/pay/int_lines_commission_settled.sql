-- One row per commission line with its status, and one per release or forfeit in a later month (rulebook 3, 4.6, 5).
with transfers as (
    select
        deal_id,
        change_id
    from {{ ref('fct_transfers') }}
    where deal_id is not null and (is_abnormal or not has_reason)
),

process as (
    select * from {{ ref('int_process_months') }}
),

lines_due as (
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
        transfers.change_id,
        lines.first_origin_transaction_id as reversed_transaction_id,
        process.release_period
    from {{ ref('int_lines_commission') }} as lines
    left join transfers on lines.component = 'closing' and lines.deal_id = transfers.deal_id
    left join process
        on lines.component = 'origination'
        and not process.is_reached
        and lines.employee_id = process.employee_id
        and lines.plan_id = process.plan_id
        and lines.origin_period = process.period
),

final as (
    {{ settle_lines('lines_due') }}
)

select * from final
