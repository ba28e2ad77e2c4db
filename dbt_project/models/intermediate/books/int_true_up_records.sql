{{ config(enabled=target.name == 'spark') }}
-- On Spark: one row per true-up and source record that its line rests on as it is calculated now.
select
    true_ups.line_id,
    records.source,
    records.source_table,
    records.record_id,
    records.load_id,
    records.content_hash
from {{ ref('int_true_ups') }} as true_ups
inner join {{ ref('calculated_provenance') }} as records on true_ups.calculated_line_id = records.line_id
