-- One row per card and KPI of its plan: value, target and attainment; one division, from the published numerator and
-- denominator (rulebook 8, 9).
with items as (
    select
        cards.employee_id,
        cards.period,
        cards.ends_on,
        cards.plan_id,
        cards.plan_hash,
        cards.component_id,
        cards.max_attainment,
        cards.score_cap,
        cards.excluded_policy,
        kpis.ordinal,
        kpis.kpi_id,
        kpis.group_name,
        kpis.weight,
        kpis.direction,
        kpis.method,
        kpis.deduct,
        kpis.frequency,
        kpis.course_id,
        kpis.is_gate,
        kpis.training_bonus,
        kpis.bonus_points,
        kpis.exam_rate,
        kpis.frequency = 'quarter' and substring(cards.period, 6, 2) not in ('03', '06', '09', '12')
        or kpis.frequency = 'year' and substring(cards.period, 6, 2) != '12' as is_off_month,
        case
            when kpis.kpi_id in ('sales_amount_attainment', 'sales_volume_attainment') then coalesce(kpis.target, 1)
            else coalesce(delivered.target, kpis.target)
        end as target
    from {{ ref('int_scorecard_cards') }} as cards
    inner join {{ source('plans', 'scorecard_kpis') }} as kpis
        on cards.plan_hash = kpis.plan_hash and cards.component_id = kpis.component_id
    left join {{ ref('stg_targets') }} as delivered
        on cards.employee_id = delivered.employee_id
        and kpis.kpi_id = delivered.kpi_id
        and case kpis.frequency when 'quarter' then cards.quarter when 'year' then cards.year else cards.period end = delivered.period
),

valued as (
    select
        items.*,
        kpi_values.value,
        kpi_values.numerator,
        coalesce(kpi_values.denominator, 1) as denominator,
        case when kpi_values.kpi_id is null then 'no_data' else kpi_values.reason end as kpi_reason
    from items
    left join {{ ref('fct_kpi_values') }} as kpi_values
        on items.employee_id = kpi_values.employee_id
        and items.period = kpi_values.period
        and items.kpi_id = kpi_values.kpi_id
),

final as (
    select
        valued.*,
        case
            when value is null or target is null or (direction = 'higher' and target <= 0) then null
            when direction = 'lower' and value <= 0 then max_attainment
            when direction = 'lower' then {{ exact_div('cast(target as decimal(18, 6)) * cast(denominator as decimal(20, 6))', 'numerator', 6, 12) }}
            else {{ exact_div('numerator', 'cast(target as decimal(18, 6)) * cast(denominator as decimal(20, 6))', 6, 12) }}
        end as attainment,
        case
            when value is null or target is null or (direction = 'higher' and target <= 0) then false
            when direction = 'lower' then numerator <= cast(target as decimal(18, 6)) * cast(denominator as decimal(20, 6))
            else numerator >= cast(target as decimal(18, 6)) * cast(denominator as decimal(20, 6))
        end as is_reached
    from valued
)

select * from final
