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
        {changes}, {scope}, {this} and {<input>} in these texts stand for relations. Groups may be too many, so they
        are looked up in raw tables where a staging view would have to be made for it.
        numbered: tables with many columns among the inputs, of which few rows are read: their numbers are found first, and
                then all columns are read for these rows only
    `records`: queries of staging views over the records that meet a condition, which speaks of columns as delivered.
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

{#- Which rows of an input are of dirty groups; empty when all of its rows are read. -#}
{% macro dirty_rows(name, target, relations, recompute, input) -%}
    {%- set setting = recompute.inputs[input] -%}
    {%- if setting is string -%}
        ({{ setting }}) in (from changes.scope_{{ name }})
    {%- elif setting.where -%}
        {{ filled(setting.where, name, target, relations, input) }}
    {%- endif -%}
{%- endmacro %}

{#- The rows of dirty groups of the `numbered` inputs, laid out in dirty_<input>. -#}
{% macro input_statements(name, target, relations, recompute) -%}
    {%- for input in recompute.numbered or [] %}
    create or replace temp table dirty_numbers as select rowid as number from {{ relations[input] }} where {{ dirty_rows(name, target, relations, recompute, input) }};
    create or replace temp table dirty_{{ input }} as from {{ relations[input] }} where rowid in (from dirty_numbers);
    {%- endfor %}
{%- endmacro %}

{#- The query of a model over the rows of dirty groups alone. -#}
{% macro scoped_query(sql, name, target, relations, records, recompute) -%}
    {%- set found = namespace(sql=sql.replace('true /* dirty: ', '(').replace(' */', ') in (from changes.scope_' ~ name ~ ')')) -%}
    {%- for input in recompute.inputs if input in relations -%}
        {%- set found.sql = found.sql.replace(relations[input], '@@' ~ input ~ '@@') -%}
    {%- endfor -%}
    {%- for input in recompute.inputs if input in relations -%}
        {%- set condition = dirty_rows(name, target, relations, recompute, input) | trim -%}
        {%- set relation = relations[input] -%}
        {%- if input in (recompute.numbered or []) -%}
            {%- set relation = 'dirty_' ~ input -%}
        {%- elif condition and input in records -%}
            {%- set relation = records[input].replace('{condition}', condition) -%}
        {%- elif condition -%}
            {%- set relation = '(select * from ' ~ relation ~ ' where ' ~ condition ~ ')' -%}
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

{#- The rows of a query that are of dirty groups come to lie in new_<name>. -#}
{% macro new_statements(name, target, recompute, scoped, query) -%}
    create or replace temp table new_{{ name }} as from {{ target }} limit 0;
    insert into new_{{ name }} by name
    {%- if scoped %}
    select * from (
    {{ query }}
    ) where ({{ recompute.by | join(', ') }}) in (from changes.scope_{{ name }});
    {%- else %}
    {{ query }};
    {%- endif %}
{%- endmacro %}

{#- After the new rows lie in new_<name>: what changed, and the table brought up to date. Finding rows by their groups
    and reading them by their number afterwards is quicker than both at once: most columns are read for few rows. What no
    model reads needs no list of what changed in it. -#}
{% macro change_statements(name, target, recompute, scoped, is_read) -%}
    {%- set groups = recompute.by | join(', ') if recompute else '' -%}
    {%- set changed = '(' ~ groups ~ ') in (select ' ~ groups ~ ' from changes.' ~ name ~ ')' if scoped else 'exists (select 1 from changes.' ~ name ~ ')' -%}
    {%- if scoped -%}
    create or replace temp table numbers_{{ name }} as
    select rowid as old_rowid from {{ target }} where ({{ groups }}) in (from changes.scope_{{ name }});
    {%- endif %}
    {%- if not is_read %}
    delete from {{ target }} where rowid in (from numbers_{{ name }});
    insert into {{ target }} from new_{{ name }};
    {%- else %}
    create or replace temp table old_{{ name }} as
    select rowid as old_rowid, * from {{ target }} {{ 'where rowid in (from numbers_' ~ name ~ ')' if scoped }};
    create or replace table changes.{{ name }} as
    select * exclude (new_less_old)
    from (select *, 1 as new_less_old from new_{{ name }} union all by name select * exclude (old_rowid), -1 as new_less_old from old_{{ name }})
    group by all
    having sum(new_less_old) <> 0;
    insert into changes.registry select '{{ name }}' where exists (select 1 from changes.{{ name }});
    delete from {{ target }} where rowid in (select old_rowid from old_{{ name }} where {{ changed }});
    insert into {{ target }} select * from new_{{ name }} where {{ changed }};
    drop table old_{{ name }};
    {%- endif %}
    {{ 'drop table numbers_' ~ name ~ ';' if scoped }}
    drop table new_{{ name }};
{%- endmacro %}
