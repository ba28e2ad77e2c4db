{#-
    Relations of DuckDB made in their place by one statement, where dbt's own materializations make them under another
    name, rename them and drop the old ones (docs/decisions/0228).

    Belongs here: intermediate tables and views. Does not belong here: marts and Python models, which dbt's own
    materializations make; Spark, where everything is dbt's table.
-#}

{% macro made_in_place(type) -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- if existing is not none and existing.type != type %}
        {% do adapter.drop_relation(existing) %}
    {% endif -%}
    {% call statement('main') -%}
        create or replace {{ type }} {{ this }} as (
            {{ sql }}
        )
    {%- endcall %}
    {% do adapter.commit() %}
    {{ return({'relations': [this.incorporate(type=type)]}) }}
{%- endmacro %}

{% materialization table_in_place, adapter='duckdb' %}
    {{ return(made_in_place('table')) }}
{% endmaterialization %}

{% materialization view_in_place, adapter='duckdb' %}
    {{ return(made_in_place('view')) }}
{% endmaterialization %}
