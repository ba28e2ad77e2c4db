{#-
    The rows of a KPI: everybody employed in the month (rulebook 0: an empty sum is 0, an empty ratio is NULL
    with a reason), and anybody else who has facts. `facts` is a relation with at most one row per employee and month
    and the columns employee_id, period, numerator; a ratio has denominator as well. Months that are not computed are
    left out. With frequency `quarter` the last month carries the figures of the quarter, the others have no data.

    Belongs here: the shape all KPIs share. Does not belong here: which facts count; that is each KPI's own model.
-#}

{#- Employees and months a KPI has a row for, with their facts: one join, for there are a few million of them in all. -#}
{% macro kpi_members(facts) -%}
    {{ ref('int_kpi_months') }} as months
    full outer join (
        select with_facts.*
        from {{ facts }} as with_facts
        inner join {{ ref('int_periods') }} as periods on with_facts.period = periods.period
    ) as facts
        on months.employee_id = facts.employee_id and months.period = facts.period
{%- endmacro %}

{#- Whether a month carries the figures of its quarter. -#}
{% macro ends_a_quarter(period) -%}
    substring({{ period }}, 6, 2) in ('03', '06', '09', '12')
{%- endmacro %}

{#- A figure of the facts in the months that carry one, 0 for somebody without facts. -#}
{% macro kpi_figure(figure, frequency) -%}
    cast(case
        {%- if frequency == 'quarter' %}
        when not {{ ends_a_quarter('coalesce(months.period, facts.period)') }} then null
        {%- endif %}
        when facts.employee_id is null then 0
        else {{ figure }}
    end as decimal(28, 6))
{%- endmacro %}

{#- A KPI that is a sum. -#}
{% macro kpi_sum(facts, frequency='month') -%}
    select
        employee_id,
        period,
        numerator,
        cast(null as decimal(28, 6)) as denominator,
        numerator as value,
        cast(case when numerator is null then 'no_data' end as {{ dbt.type_string() }}) as reason
    from (
        select
            coalesce(months.employee_id, facts.employee_id) as employee_id,
            coalesce(months.period, facts.period) as period,
            {{ kpi_figure('coalesce(facts.numerator, 0)', frequency) }} as numerator
        from {{ kpi_members(facts) }}
    ) as shown
{%- endmacro %}

{#- A KPI that is a ratio. `reason`: column of `facts` with a reason of the KPI's own; it goes before `no_data`.
    `exact`: the facts have exact_numerator and exact_denominator (six places at most), where numerator and denominator
    are rounded; the ratio is rounded once, from these. -#}
{% macro kpi_ratio(facts, frequency='month', reason=none, exact=false) -%}
    {%- set prefix = 'exact_' if exact else '' -%}
    select
        employee_id,
        period,
        numerator,
        denominator,
        value,
        cast(coalesce(own_reason, case when value is null then 'no_data' end) as {{ dbt.type_string() }}) as reason
    from (
        select
            shown.*,
            cast(
                case when denominator > 0 then {{ exact_div(prefix ~ 'numerator', prefix ~ 'denominator', 6, 6) }} end as decimal(28, 6)
            ) as value
        from (
            select
                coalesce(months.employee_id, facts.employee_id) as employee_id,
                coalesce(months.period, facts.period) as period,
                {{ 'facts.' ~ reason if reason else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as own_reason,
                {{ kpi_figure('facts.numerator', frequency) }} as numerator,
                {%- if exact %}
                {{ kpi_figure('facts.exact_numerator', frequency) }} as exact_numerator,
                {{ kpi_figure('facts.exact_denominator', frequency) }} as exact_denominator,
                {%- endif %}
                {{ kpi_figure('facts.denominator', frequency) }} as denominator
            from {{ kpi_members(facts) }}
        ) as shown
    ) as divided
{%- endmacro %}
