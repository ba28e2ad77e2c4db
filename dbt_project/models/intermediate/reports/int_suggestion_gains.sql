-- One row per suggestion of a card: points and money it would bring, from the card computed again (rulebook 13).
with items as (
    select * from {{ ref('int_suggestion_items') }}
),

changed as (
    {{ card_totals('items') }}
),

kinds as (
    select distinct
        variant,
        kind,
        suggested_kpi_id,
        employee_id,
        period,
        plan_hash,
        component_id
    from items
),

final as (
    select
        kinds.kind,
        kinds.suggested_kpi_id as kpi_id,
        changed.employee_id,
        changed.period,
        changed.plan_id,
        changed.plan_hash,
        changed.component_id,
        changed.currency,
        changed.total_score - current_cards.total_score as points_gain,
        coalesce(changed.business_bonus, 0) + coalesce(changed.management_bonus, 0)
        - coalesce(current_cards.business_bonus, 0) - coalesce(current_cards.management_bonus, 0) as money_gain
    from changed
    inner join kinds
        on changed.variant = kinds.variant
        and changed.employee_id = kinds.employee_id
        and changed.period = kinds.period
        and changed.plan_hash = kinds.plan_hash
        and changed.component_id = kinds.component_id
    inner join {{ ref('int_scorecard_totals') }} as current_cards
        on changed.employee_id = current_cards.employee_id
        and changed.period = current_cards.period
        and changed.plan_hash = current_cards.plan_hash
        and changed.component_id = current_cards.component_id
)

select * from final
