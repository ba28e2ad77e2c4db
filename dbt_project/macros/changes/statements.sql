{#-
    Bringing a table up to date with the changes of a run: the SQL text of it, from plain texts only, so that the
    property tests render this very file without dbt. Why it is done so stands in DECISIONS.md.

    `name` model, `target` its relation, `relations` the relation of each model it reads by name, `changed` the names
    among them (and sources) that changed in this run, `recompute` the setting of the model:
        by:     columns of the model; the rows of one group of values depend on no other group
        inputs: what each input says of groups, by name of the input:
                'a, b'                     columns of the input that hold the group; only rows of dirty groups are read
                {groups: , where: }        SQL for the groups out of the input's changes, and for the rows to read
        stamp:  columns that say which run it was, with SQL for their value: they are set in all rows
        {changes}, {scope}, {this} and {<input>} in these texts stand for relations.
    An input that is not listed has no groups: when it changes, everything is computed. A query may read more than its
    dirty groups, never less; what it makes of others is left out. Where it reads an input twice, once for the groups
    and once for their neighbours, `only_dirty` in the query says which is which.
-#}

{#- A condition of a query: whether these columns are of a dirty group; always true when everything is computed. -#}
{% macro only_dirty(columns) -%}
    true /* dirty: {{ columns }} */
{%- endmacro %}

{#- What the placeholders of a text stand for. -#}
{% macro filled(text, name, target, relations, input) -%}
    {%- set found = namespace(text=text.replace('{changes}', 'changes.' ~ input).replace('{scope}', 'changes.scope_' ~ name).replace('{this}', target)) -%}
    {%- for other in relations -%}
        {%- set found.text = found.text.replace('{' ~ other ~ '}', relations[other]) -%}
    {%- endfor -%}
    {{ found.text }}
{%- endmacro %}

{#- The groups of one input's changes. -#}
{% macro dirty_groups(name, target, relations, recompute, input) -%}
    {%- set setting = recompute.inputs[input] -%}
    {%- if setting is string -%}
        select {{ setting }} from changes.{{ input }}
    {%- elif not setting.groups -%}
        select {{ (['cast(null as varchar)'] * recompute.by | length) | join(', ') }} where false
    {%- else -%}
        {{ filled(setting.groups, name, target, relations, input) }}
    {%- endif -%}
{%- endmacro %}

{#- The query of a model over the rows of dirty groups alone. -#}
{% macro scoped_query(sql, name, target, relations, recompute) -%}
    {%- set found = namespace(sql=sql.replace('true /* dirty: ', '(').replace(' */', ') in (from changes.scope_' ~ name ~ ')')) -%}
    {%- for input in recompute.inputs if input in relations -%}
        {%- set found.sql = found.sql.replace(relations[input], '@@' ~ input ~ '@@') -%}
    {%- endfor -%}
    {%- for input in recompute.inputs if input in relations -%}
        {%- set setting = recompute.inputs[input] -%}
        {%- set relation = relations[input] -%}
        {%- if setting is string -%}
            {%- set relation = '(select * from ' ~ relation ~ ' where (' ~ setting ~ ') in (from changes.scope_' ~ name ~ '))' -%}
        {%- elif setting.where -%}
            {%- set relation = '(select * from ' ~ relation ~ ' where ' ~ filled(setting.where, name, target, relations, input) ~ ')' -%}
        {%- endif -%}
        {%- set found.sql = found.sql.replace('@@' ~ input ~ '@@', relation) -%}
    {%- endfor -%}
    {{ found.sql }}
{%- endmacro %}

{#- The dirty groups of a model as a table: before the query of a table, or as what a view says of its own changes. -#}
{% macro scope_statements(into, name, target, relations, changed, recompute) -%}
    {%- for column in recompute.stamp or {} %}
    update {{ target }} set {{ column }} = ({{ filled(recompute.stamp[column], name, target, relations, '') }});
    {%- endfor %}
    create or replace table {{ into }} as
    select distinct * from (
        {%- for input in recompute.inputs if input in changed %}
        ({{ dirty_groups(name, target, relations, recompute, input) }})
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as dirty (
        {%- for column in recompute.by -%}
            {{ column if '(' not in column else 'group_' ~ loop.index }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    );
{%- endmacro %}

{#- After the new rows lie in new_<name>: what changed, and the table brought up to date. Finding rows by their groups
    and reading them by their number afterwards is quicker than both at once: most columns are read for few rows. -#}
{% macro change_statements(name, target, recompute, scoped) -%}
    {%- set groups = recompute.by | join(', ') if recompute else '' -%}
    {%- set dirty = ' where (' ~ groups ~ ') in (from changes.scope_' ~ name ~ ')' if scoped else '' -%}
    {%- set changed = '(' ~ groups ~ ') in (select ' ~ groups ~ ' from changes.' ~ name ~ ')' if scoped else 'exists (select 1 from changes.' ~ name ~ ')' -%}
    {%- if scoped -%}
    create or replace temp table numbers_{{ name }} as select rowid as old_rowid from {{ target }}{{ dirty }};
    create or replace temp table old_{{ name }} as
    select rowid as old_rowid, * from {{ target }} where rowid in (from numbers_{{ name }});
    drop table numbers_{{ name }};
    {%- else -%}
    create or replace temp table old_{{ name }} as select rowid as old_rowid, * from {{ target }};
    {%- endif %}
    create or replace table changes.{{ name }} as
    (select * exclude (old_rowid) from old_{{ name }} except all select * from new_{{ name }}{{ dirty }})
    union all
    (select * from new_{{ name }}{{ dirty }} except all select * exclude (old_rowid) from old_{{ name }});
    insert into changes.registry select '{{ name }}' where exists (select 1 from changes.{{ name }});
    delete from {{ target }} where rowid in (select old_rowid from old_{{ name }} where {{ changed }});
    insert into {{ target }} select * from new_{{ name }} where {{ changed }};
    drop table old_{{ name }};
    drop table new_{{ name }};
{%- endmacro %}
