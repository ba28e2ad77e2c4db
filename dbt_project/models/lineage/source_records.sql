-- One row per record of a source that a payout line can rest on: the delivery that brought it and the hash of its row.
{%- for entity in templates_behind_lines() %}
select source, source_table, record_id, load_id, content_hash from {{ ref('stg_' ~ entity) }}
{{ 'union all' if not loop.last }}
{%- endfor %}
