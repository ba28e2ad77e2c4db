{#- One input of an investment as a column of its own; NULL when the plan does not say it. -#}
{% macro roi_input(name) -%}
    max(case when input = '{{ name }}' then value end) as {{ name }}
{%- endmacro %}
