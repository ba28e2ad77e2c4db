-- One row per monthly line with its status, and one per release in a later month.
with monthly as (
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
    left join {{ ref('int_unread_lines') }} as unread
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
