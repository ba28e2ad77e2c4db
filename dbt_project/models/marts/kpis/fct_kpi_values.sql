-- One row per employee, month and KPI: its figures, the target of the month and how far it was reached. The scorecard of the
-- employee's last role of the month says target and direction; without one it is the delivered target.
with figures as (
    select * from {{ ref('int_kpi_values') }}
),

cards as (
    select
        months.employee_id,
        months.period,
        months.plan_id,
        months.plan_hash,
        months.component_id,
        scorecards.max_attainment
    from {{ ref('int_kpi_months') }} as months
    left join {{ source('plans', 'scorecards') }} as scorecards
        on months.plan_hash = scorecards.plan_hash and months.component_id = scorecards.component_id
    where months.plan_id is not null
),

settings as (
    select
        figures.*,
        cards.plan_id,
        cards.component_id,
        entries.target as plan_target,
        coalesce(entries.direction, catalogue.direction, 'higher') as direction,
        coalesce(entries.frequency, catalogue.frequency, 'month') as frequency,
        figures.kpi_id in ('sales_amount_attainment', 'sales_volume_attainment') as is_target_inside,
        coalesce(cards.max_attainment, cast({{ var('default_max_attainment') }} as decimal(18, 6))) as max_attainment
    from figures
    left join cards on figures.employee_id = cards.employee_id and figures.period = cards.period
    left join {{ source('plans', 'scorecard_kpis') }} as entries
        on cards.plan_hash = entries.plan_hash
        and cards.component_id = entries.component_id
        and figures.kpi_id = entries.kpi_id
    left join {{ source('plans', 'kpi_catalogue') }} as catalogue on figures.kpi_id = catalogue.kpi_id
),

-- the delivered targets in the months they hold for
delivered as (
    {%- for frequency, column in {'month': 'period', 'quarter': 'quarter', 'year': 'year'}.items() %}
    select
        targets.employee_id,
        targets.kpi_id,
        periods.period,
        '{{ frequency }}' as frequency,
        targets.target
    from {{ ref('stg_targets') }} as targets
    inner join {{ ref('int_periods') }} as periods on targets.period = periods.{{ column }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- the attainments of sales have their delivered target in the denominator: it is not used a second time
targeted as (
    select
        settings.*,
        case
            when settings.is_target_inside then coalesce(settings.plan_target, 1)
            else coalesce(delivered.target, settings.plan_target)
        end as target
    from settings
    left join delivered
        on settings.employee_id = delivered.employee_id
        and settings.kpi_id = delivered.kpi_id
        and settings.period = delivered.period
        and settings.frequency = delivered.frequency
),

scaled as (
    select
        targeted.*,
        cast(target as decimal(18, 6)) * cast(coalesce(denominator, 1) as decimal(20, 6)) as wanted
    from targeted
),

final as (
    select
        employee_id,
        period,
        kpi_id,
        numerator,
        denominator,
        value,
        cast(target as decimal(28, 6)) as target,
        cast(case
            when value is null or target is null then null
            when direction = 'lower' and value <= 0 then max_attainment
            when direction = 'lower' then {{ exact_div('wanted', 'numerator', 6, 12) }}
            when target > 0 then {{ exact_div('numerator', 'wanted', 6, 12) }}
        end as decimal(28, 6)) as attainment,
        cast(reason as {{ dbt.type_string() }}) as reason,
        direction,
        plan_id,
        component_id,
        is_observed
    from scaled
)

select * from final
