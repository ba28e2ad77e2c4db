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
        cast(null as {{ dbt.type_string() }}) as detail
    from {{ ref('int_suggestion_gains') }} as gains
    inner join {{ ref('int_scorecard_scored') }} as scored
        on gains.employee_id = scored.employee_id
        and gains.period = scored.period
        and gains.plan_hash = scored.plan_hash
        and gains.component_id = scored.component_id
        and gains.kpi_id = scored.kpi_id
    left join {{ ref('stg_courses') }} as courses on scored.course_id = courses.course_id
),

pay as (
    select
        employee_id,
        period,
        cast(null as {{ dbt.type_string() }}) as kpi_id,
        kind,
        gap,
        cast(null as decimal(18, 4)) as points_gain,
        money_gain,
        currency,
        cast(null as {{ dbt.type_string() }}) as course_id,
        cast(null as {{ dbt.type_string() }}) as course_title,
        cast(null as decimal(28, 6)) as value,
        cast(null as decimal(18, 6)) as target,
        cast(null as {{ dbt.type_string() }}) as direction,
        plan_id,
        component_id,
        detail
    from {{ ref('fct_counterfactuals') }}
),

suggestions as (
    select * from cards
    union all
    select * from pay
),

named as (
    select
        suggestions.*,
        coalesce(catalogue.name_zh, suggestions.kpi_id) as kpi_name_zh,
        coalesce(catalogue.name_en, suggestions.kpi_id) as kpi_name_en
    from suggestions
    left join {{ source('plans', 'kpi_catalogue') }} as catalogue on suggestions.kpi_id = catalogue.kpi_id
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
        row_number() over (
            partition by employee_id, period
            order by money_gain desc nulls last, points_gain desc nulls last, kind asc, kpi_id asc, plan_id asc, component_id asc
        ) as ordinal
    from named
)

select * from final
