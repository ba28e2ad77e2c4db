{#- How a table follows changes of its inputs: nothing to do (empty), made anew because no model asks what changed in it,
    or what to run before, instead of and after its query; a Python model's rows come to lie in `beside` first. -#}
{% macro way_to_follow(target) %}
    {%- if target is none -%}
        {{ exceptions.raise_compiler_error(model.name ~ ' has no table that changes could be made to: the last run did not make it') }}
    {%- endif -%}
    {%- set name = model.name -%}
    {%- set changed = changed_inputs() -%}
    {%- if not changed and model.depends_on.nodes -%}
        {{ return({}) }}
    {%- endif -%}
    {%- set recompute = config.get('meta', {}).get('recompute') -%}
    {%- set relations = input_relations() -%}
    {%- set written = {} -%} {#- a Python model holds the names of relations in strings -#}
    {%- for input in relations -%}
        {%- do written.update({input: relations[input].replace('"', '\\"') if model['language'] == 'python' else relations[input]}) -%}
    {%- endfor -%}
    {%- set scoped = recompute and changed | reject('in', recompute.inputs) | list | length == 0 -%}
    {%- if not scoped and not has_readers() -%}
        {{ return({'anew': true}) }}
    {%- endif -%}
    {%- set beside = api.Relation.create(database=this.database, schema='changes', identifier='new_' ~ name, type='table') -%}
    {%- set code = scoped_query(compiled_code, name, target | string, written, record_views(), recompute) if scoped else compiled_code -%}
    {{ return({
        'scope': scope_statements('changes.scope_' ~ name, name, target | string, relations, changed, recompute) if scoped else '',
        'beside': beside,
        'code': code,
        'inputs': input_statements(name, target | string, relations, recompute) if scoped else '',
        'new': new_statements(name, target | string, recompute, scoped, code if model['language'] == 'sql' else 'from ' ~ beside),
        'after': change_statements(name, target | string, recompute, scoped, has_readers()),
    }) }}
{% endmacro %}

{#- Whether another model reads the current one. -#}
{% macro has_readers() %}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and model.unique_id in node.depends_on.nodes -%}
        {{ return(true) }}
    {%- endfor -%}
    {{ return(false) }}
{% endmacro %}

{% macro register_change() %}
    {% call statement('changed') -%}
        insert into changes.registry values ('{{ model.name }}')
    {%- endcall %}
{% endmacro %}

{#- What a view says of its changes, for those who read it: that there are any, and in which groups when it has groups.
    As-of and loads, which every view of a fact reads, count through the rows of the raw tables. -#}
{% macro note_changes_of_view(target) %}
    {%- set changed = changed_inputs() | reject('in', ['stg_calculation', 'files.loads']) | list -%}
    {%- set recompute = config.get('meta', {}).get('recompute') -%}
    {%- if changed -%}
        {% call statement('changed') -%}
            insert into changes.registry values ('{{ model.name }}');
            {% if recompute and changed | reject('in', recompute.inputs) | list | length == 0 -%}
                {{ scope_statements('changes.' ~ model.name, model.name, target | string, input_relations(), changed, recompute) }}
            {%- elif recompute -%}
                create or replace table changes.{{ model.name }} as select distinct {{ recompute.by | join(', ') }} from {{ target }};
            {%- endif %}
        {%- endcall %}
    {%- endif -%}
{% endmacro %}
