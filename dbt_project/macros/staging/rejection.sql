{#- The columns of stg_rejections for rows of `stg_files__<entity>` under the alias `latest`; `reason` is an expression. -#}
{% macro rejection(entity, keys, columns, reason) -%}
    coalesce(latest._source, 'files') as source,
        '{{ entity }}' as source_table,
        {{ source_location('latest') }} as source_location,
        {{ record_id(keys) }} as record_id,
        {{ row_json('latest', columns) }} as row_json,
        {{ reason }} as reason,
        latest._load_id as load_id,
        latest._load_seq as load_seq
{%- endmacro %}
