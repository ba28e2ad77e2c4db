{#-
    Facts and whole bodies that several KPI models share.

    Belongs here: a body that differs between KPIs in a name only. Does not belong here: the published shape (kpi_rows.sql)
    and what one KPI alone needs.
-#}

{#- A KPI that is a measure of the employee. -#}
{% macro kpi_of_measure(measure) -%}
with facts as (
    select
        employee_id,
        period,
        value as numerator
    from {{ ref('fct_measures') }}
    where measure = '{{ measure }}' and employee_id not like 'team:%'
),

final as (
    {{ kpi_sum('facts') }}
)

select * from final
{%- endmacro %}

{#- A KPI that is a measure of the employee per his target of the month. -#}
{% macro kpi_of_target(measure, kpi_id) -%}
with facts as (
    select
        measures.employee_id,
        measures.period,
        measures.value as numerator,
        {{ exact_div('cast(targets.target as decimal(18, 6)) * targets.days_in_role', 'targets.days_in_period', 6, 6) }} as denominator,
        cast(measures.value as decimal(20, 6)) * targets.days_in_period as exact_numerator,
        cast(targets.target as decimal(18, 6)) * targets.days_in_role as exact_denominator,
        case
            when targets.target is null then 'no_target'
            when targets.target <= 0 or targets.days_in_role = 0 then 'zero_target'
        end as reason
    from {{ ref('fct_measures') }} as measures
    left join {{ ref('int_sales_targets') }} as targets
        on measures.employee_id = targets.employee_id
        and measures.period = targets.period
        and targets.kpi_id = '{{ kpi_id }}'
    where measures.measure = '{{ measure }}' and measures.employee_id not like 'team:%'
),

final as (
    {{ kpi_ratio('facts', reason='reason', exact=true) }}
)

select * from final
{%- endmacro %}

{#-
    Facts counted over the records of a staging model, by employee and month of a date: `numerator` is an aggregate over
    `events`, the denominator is the number of records.
-#}
{% macro kpi_events(model, date, numerator) -%}
    select
        coalesce(events.employee_id, 'UNRESOLVED') as employee_id,
        {{ period_of('events.' ~ date) }} as period,
        {{ numerator }} as numerator,
        count(*) as denominator
    from {{ ref(model) }} as events
    group by coalesce(events.employee_id, 'UNRESOLVED'), {{ period_of('events.' ~ date) }}
{%- endmacro %}
