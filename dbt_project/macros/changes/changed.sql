{#- What a node reads that changed in this run; the registry is filled before the run and by every node. -#}

{#- Whether this run follows the changes since the last one; otherwise everything is computed anew. -#}
{% macro follows_changes() -%}
    {{ return(env_var('INCENTIVES_DBT_COMPUTE', 'everything') == 'changes') }}
{%- endmacro %}

{#- Name of a node in the registry: a model's own, of a source `files.<table>`. -#}
{% macro registered_name(unique_id) -%}
    {%- set parts = unique_id.split('.') -%}
    {{ return(parts[-1] if parts[0] == 'model' else parts[-2] ~ '.' ~ parts[-1]) }}
{%- endmacro %}

{#- Names of the inputs of the current node that changed. -#}
{% macro changed_inputs() -%}
    {%- set registry = run_query('select distinct name from changes.registry').columns[0].values() -%}
    {%- set found = [] -%}
    {%- for unique_id in model.depends_on.nodes if registered_name(unique_id) in registry -%}
        {%- do found.append(registered_name(unique_id)) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- The relation of every model the current node reads, by name. -#}
{% macro input_relations() -%}
    {%- set found = {} -%}
    {%- for unique_id in model.depends_on.nodes if unique_id.startswith('model.') -%}
        {%- do found.update({registered_name(unique_id): ref(registered_name(unique_id)) | string}) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- Queries of staging views over some records alone (orchestration/record_views.py), by name of the view. -#}
{% macro record_views() -%}
    {%- set found = {} -%}
    {%- for unique_id in model.depends_on.nodes if model['language'] == 'sql' and registered_name(unique_id).startswith('stg_') -%}
        {%- if loop.first -%}
            {%- for row in run_query('select name, query from changes.record_views').rows -%}
                {%- do found.update({row[0]: row[1]}) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- Lay out the dirty groups of the current node, if it has groups; whether there are any to be computed. -#}
{% macro has_dirty_groups(statements) -%}
    {%- if not statements -%}
        {{ return(true) }}
    {%- endif -%}
    {% call statement('scope') -%}
        {{ statements }}
    {%- endcall %}
    {{ return(run_query('select exists (from changes.scope_' ~ model.name ~ ')').rows[0][0]) }}
{%- endmacro %}
