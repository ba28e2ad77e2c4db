-- A view, replaced in one statement; see table.sql. Where only changes count it says whether its rows
-- changed (macros/changes).
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
    {% if follows_changes() %}
        {% do note_changes_of_view(target) %}
    {% endif %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}

    {{ return({'relations': [target]}) }}
{% endmaterialization %}
