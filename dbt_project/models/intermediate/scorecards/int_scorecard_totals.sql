-- One row per card: group scores, total and bonus money (rulebook 9).
with items as (
    select
        '' as variant,
        items.employee_id,
        items.period,
        items.plan_hash,
        items.component_id,
        items.kpi_id,
        scored.group_name,
        items.weight,
        items.status,
        items.score,
        items.is_counted,
        items.is_reached
    from {{ ref('fct_scorecard_items') }} as items
    inner join {{ ref('int_scorecard_scored') }} as scored
        on items.employee_id = scored.employee_id
        and items.period = scored.period
        and items.plan_hash = scored.plan_hash
        and items.component_id = scored.component_id
        and items.kpi_id = scored.kpi_id
),

final as (
    {{ card_totals('items') }}
)

select * from final
