{#- Time between two timestamps. -#}

{#- Whole microseconds from one timestamp to another. -#}
{% macro microseconds_between(first_at, last_at) -%}
    {{ return(adapter.dispatch('microseconds_between')(first_at, last_at)) }}
{%- endmacro %}

{% macro duckdb__microseconds_between(first_at, last_at) -%}
    date_diff('microsecond', {{ first_at }}, {{ last_at }})
{%- endmacro %}

{% macro spark__microseconds_between(first_at, last_at) -%}
    (unix_micros({{ last_at }}) - unix_micros({{ first_at }}))
{%- endmacro %}
