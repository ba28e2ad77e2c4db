-- One row per payout line as it is calculated now and source record it rests on.
-- A line that is computed from other lines rests on what these rest on.
with rests_on as (
    select line_id, line_id as base_line_id from {{ ref('calculated_lines') }}
    union all
    select line_id, linked_line_id as base_line_id from {{ ref('line_links') }}
),

facts as (
    select distinct
        rests_on.line_id,
        facts.kind,
        facts.scope,
        facts.subject_id,
        facts.period,
        facts.name
    from rests_on
    inner join {{ ref('line_facts') }} as facts on rests_on.base_line_id = facts.line_id
),

keys as (
    select
        rests_on.line_id,
        records.source_table,
        records.record_id
    from rests_on
    inner join {{ ref('line_records') }} as records on rests_on.base_line_id = records.line_id
    union
    select
        facts.line_id,
        records.source_table,
        records.record_id
    from facts
    inner join {{ ref('fact_records') }} as records
        on facts.kind = records.kind
        and facts.scope = records.scope
        and facts.subject_id = records.subject_id
        and facts.period = records.period
        and facts.name = records.name
),

final as (
    select
        keys.line_id,
        records.source,
        records.source_table,
        records.record_id,
        records.load_id,
        records.content_hash
    from keys
    inner join {{ ref('source_records') }} as records
        on keys.source_table = records.source_table and keys.record_id = records.record_id
)

select * from final
