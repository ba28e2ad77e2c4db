{#- The given columns of a row as a JSON object of texts; missing values are null. Engine differences live here. -#}
{% macro row_json(relation, columns) -%}
    {{ return(adapter.dispatch('row_json')(relation, columns)) }}
{%- endmacro %}

{% macro duckdb__row_json(relation, columns) -%}
    cast(json_object(
        {%- for column in columns %}
        '{{ column }}', cast({{ relation }}.{{ column }} as {{ dbt.type_string() }}){{ ',' if not loop.last }}
        {%- endfor %}
    ) as {{ dbt.type_string() }})
{%- endmacro %}

{% macro spark__row_json(relation, columns) -%}
    to_json(named_struct(
        {%- for column in columns %}
        '{{ column }}', cast({{ relation }}.{{ column }} as {{ dbt.type_string() }}){{ ',' if not loop.last }}
        {%- endfor %}
    ), map('ignoreNullFields', 'false'))
{%- endmacro %}
