{#- A landed row as a JSON object of its columns, those of the landing left out. Engine differences live here. -#}
{% macro landed_row_json(relation) -%}
    {{ return(adapter.dispatch('landed_row_json')(relation)) }}
{%- endmacro %}

{% macro duckdb__landed_row_json(relation) -%}
    cast(to_json({{ relation }}) as {{ dbt.type_string() }})
{%- endmacro %}

{% macro spark__landed_row_json(relation) -%}
    to_json(struct({{ relation }}.*), map('ignoreNullFields', 'false'))
{%- endmacro %}
