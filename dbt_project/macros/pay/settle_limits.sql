{#-
    Cap, floor and draw lines with a status, like every other line (macros/pay/settle_lines.sql).

    `relation` has component_id, plan_id, plan_hash, kpi_id (detail that tells lines apart: floor or the month of
    posting), employee_id, period, origin_period, currency, basis_amount, amount, note and is_due: whether the amount falls
    due in the month itself. Such a line is held with `terminated` after the last day employed; what takes money back is
    not due to anybody (reading 54).
-#}
{#- Cap lines in the shape of `settle_limits`; `excesses`: query with plan_hash, component_id, excess. A refund of a capped
    month posts to that month again: the month of posting tells the lines apart. -#}
{% macro cap_limits(relation, excesses) -%}
    select
        lines.component_id,
        lines.plan_id,
        lines.plan_hash,
        lines.period as kpi_id,
        lines.employee_id,
        lines.period,
        lines.origin_period,
        lines.currency,
        lines.basis_amount,
        lines.amount,
        case when lines.amount < 0 then 'above_cap' else 'cap_returned' end as note,
        excesses.excess = 'carry' as is_due
    from {{ relation }} as lines
    inner join ({{ excesses }}) as excesses
        on lines.plan_hash = excesses.plan_hash and lines.component_id = excesses.component_id
{%- endmacro %}

{% macro settle_limits(relation, component) -%}
    {%- set text = dbt.type_string() -%}
    with limits_due as (
        select
            '{{ component }}' as component,
            limits.component_id,
            limits.plan_id,
            limits.plan_hash,
            cast(null as {{ text }}) as deal_id,
            cast(null as {{ text }}) as transaction_id,
            limits.kpi_id,
            limits.employee_id,
            limits.period,
            limits.origin_period,
            limits.currency,
            limits.basis_amount,
            cast(null as decimal(18, 12)) as rate,
            limits.amount,
            limits.note,
            false as is_bad_split,
            false as is_unresolved,
            false as is_transfer_held,
            false as is_process_held,
            false as is_forfeited,
            limits.is_due
            and limits.amount > 0
            and coalesce(employees.termination_date < {{ period_start('limits.period') }}, false)
            and plans.terminated_policy != 'pay' as is_terminated,
            false as is_plan_missing,
            false as is_fx_missing,
            limits.amount > 0 and coalesce(unread.first_period <= limits.period, false) as is_unread,
            cast(null as {{ text }}) as change_id,
            cast(null as {{ text }}) as reversed_transaction_id,
            cast(null as {{ text }}) as release_period
        from {{ relation }} as limits
        inner join {{ source('plans', 'plans') }} as plans on limits.plan_hash = plans.plan_hash
        left join {{ ref('stg_employees') }} as employees on limits.employee_id = employees.employee_id
        left join {{ ref('int_unread_since') }} as unread on limits.employee_id = unread.employee_id
    ),

    settled as (
        {{ settle_lines('limits_due') }}
    )

    select
        line_id,
        component,
        component_id,
        plan_id,
        plan_hash,
        employee_id,
        period,
        origin_period,
        currency,
        basis_amount,
        cast(amount as decimal(18, 2)) as amount,
        status,
        reason
    from settled
{%- endmacro %}
