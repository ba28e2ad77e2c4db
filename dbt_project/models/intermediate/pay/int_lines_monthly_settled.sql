-- One row per monthly line with its status, and one per release in a later month.
with monthly as (
    select
        component,
        component_id,
        plan_id,
        plan_hash,
        cast(null as {{ dbt.type_string() }}) as deal_id,
        cast(null as {{ dbt.type_string() }}) as transaction_id,
        kpi_id,
        employee_id,
        period,
        period as origin_period,
        currency,
        basis_amount,
        rate,
        amount,
        note,
        false as is_bad_split,
        employee_id = 'UNRESOLVED' as is_unresolved,
        false as is_transfer_held,
        false as is_process_held,
        false as is_forfeited,
        is_terminated,
        false as is_plan_missing,
        false as is_fx_missing,
        cast(null as {{ dbt.type_string() }}) as change_id,
        cast(null as {{ dbt.type_string() }}) as reversed_transaction_id,
        cast(null as {{ dbt.type_string() }}) as release_period
    from {{ ref('int_lines_monthly') }}
),

final as (
    {{ settle_lines('monthly') }}
)

select * from final
