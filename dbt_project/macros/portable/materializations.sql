{#- Tables and views made in their place, in one transaction.

    dbt's own materializations make each relation under another name, rename it and drop the old one in statements of
    their own: half of what a node costs besides its query. Here a relation is dropped and made again under its name;
    who reads meanwhile sees the old one, and a failure leaves it. Hooks, grants and indexes are not used by this
    project and not kept.
-#}
{% materialization table, adapter="duckdb", supported_languages=["sql", "python"] %}
    {%- set language = model["language"] -%}
    {%- set target = this.incorporate(type="table") -%}
    {%- set before = drop_what_is_there(load_cached_relation(this)) -%}
    {%- if language == "python" and before -%}
        {%- call statement("before") -%}{{ before }}{%- endcall -%}
    {%- endif -%}
    {% call statement("main", language=language) -%}
        {{- before if language == "sql" }}
        {{ create_table_as(False, target, compiled_code, language) }}
    {%- endcall %}
    {{ adapter.commit() }}
    {{ return({"relations": [target]}) }}
{% endmaterialization %}

{% materialization view, adapter="duckdb" %}
    {%- set target = this.incorporate(type="view") -%}
    {% call statement("main") -%}
        {{- drop_what_is_there(load_cached_relation(this)) }}
        {{ get_create_view_as_sql(target, sql) }}
    {%- endcall %}
    {{ adapter.commit() }}
    {{ return({"relations": [target]}) }}
{% endmaterialization %}

{% macro drop_what_is_there(existing) -%}
    {%- if existing is not none -%}drop {{ existing.type }} if exists {{ existing }} cascade;{%- endif -%}
{%- endmacro %}
