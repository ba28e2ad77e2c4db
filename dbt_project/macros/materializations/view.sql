-- A view, replaced in one statement; see table.sql.
{% materialization view, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='view') -%}

    {{ run_hooks(pre_hooks) }}
    {% if existing is not none and existing.type != 'view' %}
        {% call statement('drop_existing') -%}
            drop {{ existing.type }} {{ existing }}
        {%- endcall %}
    {% endif %}
    {% call statement('main') -%}
        create or replace view {{ target }} as (
            {{ sql }}
        )
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}

    {{ return({'relations': [target]}) }}
{% endmaterialization %}
