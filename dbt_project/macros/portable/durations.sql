{#- Time between two timestamps. -#}

{#- Whole microseconds from one timestamp to another. -#}
{% macro microseconds_between(first_at, last_at) -%}
    {{ return(adapter.dispatch('microseconds_between')(first_at, last_at)) }}
{%- endmacro %}

{% macro duckdb__microseconds_between(first_at, last_at) -%}
    date_diff('microsecond', {{ first_at }}, {{ last_at }})
{%- endmacro %}

{% macro spark__microseconds_between(first_at, last_at) -%}
    (unix_micros(cast({{ last_at }} as timestamp_ltz)) - unix_micros(cast({{ first_at }} as timestamp_ltz)))
{%- endmacro %}

{#- A timestamp moved by whole seconds. (`dbt.dateadd` gives NULL for a TIMESTAMP_NTZ of Spark 3.5.) -#}
{% macro add_seconds(at, seconds) -%}
    {{ return(adapter.dispatch('add_seconds')(at, seconds)) }}
{%- endmacro %}

{% macro default__add_seconds(at, seconds) -%}
    {{ dbt.dateadd('second', 'cast(' ~ seconds ~ ' as integer)', at) }}
{%- endmacro %}

{% macro spark__add_seconds(at, seconds) -%}
    timestampadd(second, cast({{ seconds }} as int), {{ at }})
{%- endmacro %}
