{#- Formats of contact data. -#}
{% macro matches(expression, pattern) -%}
    {{ return(adapter.dispatch('matches')(expression, pattern)) }}
{%- endmacro %}

{% macro duckdb__matches(expression, pattern) -%}
    regexp_full_match(coalesce({{ expression }}, ''), '{{ pattern }}')
{%- endmacro %}

{% macro spark__matches(expression, pattern) -%}
    (coalesce({{ expression }}, '') rlike '^({{ pattern }})$')
{%- endmacro %}

{% macro is_email(expression) -%}
    {{ matches("trim(" ~ expression ~ ")", "[^@ ]+@[^@ ]+[.][^@ ]+") }}
{%- endmacro %}

{% macro is_wecom_id(expression) -%}
    {{ matches("trim(" ~ expression ~ ")", "[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}") }}
{%- endmacro %}
