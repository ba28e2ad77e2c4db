-- One row per employee, month and suggestion, the one that brings most money first; texts in Chinese and English
-- (rulebook 13).
with cards as (
    select
        gains.employee_id,
        gains.period,
        gains.kpi_id,
        gains.kind,
        case
            when gains.kind != 'reach_target' then null
            when scored.direction = 'lower' then greatest(cast(scored.value - scored.target as decimal(28, 6)), 0)
            else greatest(cast(scored.target - scored.value as decimal(28, 6)), 0)
        end as gap,
        gains.points_gain,
        gains.money_gain,
        gains.currency,
        scored.course_id,
        courses.title as course_title,
        scored.value,
        scored.target,
        scored.direction,
        gains.plan_id,
        gains.component_id,
        cast(null as {{ dbt.type_string() }}) as detail,
        cast(null as {{ dbt.type_string() }}) as unit,
        cast(null as {{ dbt.type_string() }}) as measure,
        false as is_team
    from {{ ref('int_suggestion_gains') }} as gains
    inner join {{ ref('int_scorecard_scored') }} as scored
        on gains.employee_id = scored.employee_id
        and gains.period = scored.period
        and gains.plan_hash = scored.plan_hash
        and gains.component_id = scored.component_id
        and gains.kpi_id = scored.kpi_id
    left join {{ ref('stg_courses') }} as courses on scored.course_id = courses.course_id
),

-- a condition on one side alone would make the join below a nested loop
growth as (
    select
        'next_growth_step' as kind,
        distances.*
    from {{ ref('int_growth_distances') }} as distances
),

pay as (
    select
        missing.employee_id,
        missing.period,
        cast(null as {{ dbt.type_string() }}) as kpi_id,
        missing.kind,
        missing.gap,
        cast(null as decimal(18, 4)) as points_gain,
        missing.money_gain,
        missing.currency,
        cast(null as {{ dbt.type_string() }}) as course_id,
        cast(null as {{ dbt.type_string() }}) as course_title,
        cast(null as decimal(28, 6)) as value,
        cast(null as decimal(18, 6)) as target,
        cast(null as {{ dbt.type_string() }}) as direction,
        missing.plan_id,
        missing.component_id,
        missing.detail,
        missing.unit,
        growth.measure,
        coalesce(growth.scope = 'team', false) as is_team
    from {{ ref('fct_counterfactuals') }} as missing
    left join growth
        on missing.kind = growth.kind
        and missing.employee_id = growth.employee_id
        and missing.period = growth.period
        and missing.plan_id = growth.plan_id
        and missing.component_id = growth.component_id
),

suggestions as (
    select * from cards
    union all
    select * from pay
),

named as (
    select
        suggestions.employee_id,
        suggestions.period,
        suggestions.kpi_id,
        suggestions.kind,
        suggestions.gap,
        suggestions.points_gain,
        suggestions.money_gain,
        suggestions.currency,
        suggestions.course_id,
        suggestions.course_title,
        suggestions.value,
        suggestions.target,
        suggestions.direction,
        suggestions.plan_id,
        suggestions.component_id,
        suggestions.detail,
        suggestions.is_team,
        coalesce(suggestions.unit, kpis.unit) as unit,
        coalesce(kpis.name_zh, suggestions.kpi_id) as kpi_name_zh,
        coalesce(kpis.name_en, suggestions.kpi_id) as kpi_name_en,
        coalesce({{ measure_name('suggestions.measure', 'zh') }}, measured.name_zh, suggestions.measure) as measure_name_zh,
        coalesce({{ measure_name('suggestions.measure', 'en') }}, measured.name_en, suggestions.measure) as measure_name_en
    from suggestions
    left join {{ ref('dim_kpi') }} as kpis on suggestions.kpi_id = kpis.kpi_id
    left join {{ ref('dim_kpi') }} as measured on suggestions.measure = measured.kpi_id
),

-- figures as text, once for both languages
worded as (
    select
        named.*,
        {{ figure_text('value') }} as value_text,
        {{ figure_text('target') }} as target_text,
        {{ figure_text('gap') }} as gap_text,
        case
            when round(points_gain, 1) > 0
                then cast(cast(round(points_gain, 1) as decimal(18, 1)) as {{ dbt.type_string() }})
        end as points_text,
        case when money_gain > 0 then {{ money_text('money_gain') }} end as money_text
    from named
),

final as (
    select
        employee_id,
        period,
        kpi_id,
        kind,
        cast(gap as decimal(28, 6)) as gap,
        cast(points_gain as decimal(18, 4)) as points_gain,
        cast(money_gain as decimal(18, 2)) as money_gain,
        currency,
        course_id,
        {{ suggestion_text('zh') }} as text_zh,
        {{ suggestion_text('en') }} as text_en,
        plan_id,
        component_id,
        cast(row_number() over (
            partition by employee_id, period
            order by
                money_gain desc nulls last,
                points_gain desc nulls last,
                kind asc,
                kpi_id asc nulls first,
                plan_id asc nulls first,
                component_id asc nulls first,
                currency asc nulls first
        ) as bigint) as ordinal
    from worded
)

select * from final
