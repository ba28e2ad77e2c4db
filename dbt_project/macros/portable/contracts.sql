{#- The types of a contract. Engine differences live here. -#}

{#- What dbt compares a model with its contract by: contracts say `varchar`, which Spark knows only with a length. -#}
{% macro spark__get_empty_schema_sql(columns) -%}
    select
    {%- for column in columns.values() %}
        {%- set type = 'string' if column['data_type'] == 'varchar' else column['data_type'] %}
        cast(null as {{ type }}) as {{ adapter.quote(column['name']) if column.get('quote') else column['name'] }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
