{#- Where a canonical row comes from: `files`, or the connected system as sources.yml names it. `keys` are the expressions of its key as delivered. -#}
{% macro lineage(entity, keys, relation='latest') -%}
    coalesce({{ relation }}._source, 'files') as source,
        '{{ entity }}' as source_table,
        {{ record_id(keys) }} as record_id,
        {{ relation }}._load_id as load_id,
        {{ relation }}._load_seq as load_seq,
        {{ relation }}._content_hash as content_hash,
        {{ source_location(relation) }} as source_location
{%- endmacro %}

{#- The key as one text, its parts joined by `|`. -#}
{% macro record_id(keys) -%}
    {%- if keys | length == 1 -%}
        {{ keys[0] }}
    {%- else -%}
        {%- for key in keys -%}
            cast({{ key }} as {{ dbt.type_string() }}){{ " || '|' || " if not loop.last }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#- File and line, all lines where a mapping made one row of several; or resource and record of a connected system. -#}
{% macro source_location(relation) -%}
    {{ relation }}._file || ':' || coalesce(
            {{ relation }}._lines, cast({{ relation }}._line as {{ dbt.type_string() }})
        )
{%- endmacro %}
