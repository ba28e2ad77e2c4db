{#-
    The published rows of a KPI: everybody employed in the month (rulebook 0: an empty sum is 0, an empty ratio is NULL
    with a reason), and anybody else who has facts. `facts` is a relation with at most one row per employee and month
    and the columns employee_id, period, numerator; a ratio has denominator as well. Months that are not computed are
    left out. With frequency `quarter` the last month carries the figures of the quarter, the others have no data.

    Belongs here: the shape all KPIs share. Does not belong here: which facts count; that is each KPI's own model.
-#}

{#- Employees and months a KPI has a row for. -#}
{% macro kpi_members(facts) -%}
    select
        employee_id,
        period
    from {{ ref('int_kpi_months') }}
    union
    select
        with_facts.employee_id,
        with_facts.period
    from {{ facts }} as with_facts
    inner join {{ ref('int_periods') }} as periods on with_facts.period = periods.period
{%- endmacro %}

{#- Whether a month carries the figures of its quarter; months of monthly KPIs always do. -#}
{% macro kpi_is_due(period, frequency) -%}
    {%- if frequency == 'quarter' -%}
        substring({{ period }}, 6, 2) in ('03', '06', '09', '12')
    {%- else -%}
        true
    {%- endif -%}
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
            members.employee_id,
            members.period,
            cast(
                case when {{ kpi_is_due('members.period', frequency) }} then coalesce(facts.numerator, 0) end as decimal(28, 6)
            ) as numerator
        from ({{ kpi_members(facts) }}) as members
        left join {{ facts }} as facts
            on members.employee_id = facts.employee_id and members.period = facts.period
    ) as shown
{%- endmacro %}

{#- A KPI that is a ratio. `reason`: column of `facts` with a reason of the KPI's own; it goes before `no_data`. -#}
{% macro kpi_ratio(facts, frequency='month', reason=none) -%}
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
                case when denominator > 0 then {{ exact_div('numerator', 'denominator', 6, 6) }} end as decimal(28, 6)
            ) as value
        from (
            select
                members.employee_id,
                members.period,
                {{ 'facts.' ~ reason if reason else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as own_reason,
                cast(case
                    when not ({{ kpi_is_due('members.period', frequency) }}) then null
                    when facts.employee_id is null then 0
                    else facts.numerator
                end as decimal(28, 6)) as numerator,
                cast(case
                    when not ({{ kpi_is_due('members.period', frequency) }}) then null
                    when facts.employee_id is null then 0
                    else facts.denominator
                end as decimal(28, 6)) as denominator
            from ({{ kpi_members(facts) }}) as members
            left join {{ facts }} as facts
                on members.employee_id = facts.employee_id and members.period = facts.period
        ) as shown
    ) as divided
{%- endmacro %}
