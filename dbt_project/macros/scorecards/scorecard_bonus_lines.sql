{#- Bonus lines of one group of the cards: its score times its weight times the prorated bonus base. -#}
{% macro scorecard_bonus_lines(totals, name) -%}
    select
        'bonus_{{ name }}' as component,
        component_id,
        plan_id,
        plan_hash,
        employee_id,
        period,
        currency,
        {{ exact_div('bonus_base_days', 'days_in_period', 2, 2) }} as basis_amount,
        {{ exact_div(
            'cast(' ~ name ~ '_score as decimal(20, 4)) * ' ~ name ~ '_weight', '100 * (business_weight + management_weight)', 12, 10
        ) }} as rate,
        {{ name }}_bonus as amount,
        cast(null as {{ dbt.type_string() }}) as kpi_id,
        cast(null as {{ dbt.type_string() }}) as note
    from {{ totals }}
    where {{ name }}_bonus is not null
{%- endmacro %}
