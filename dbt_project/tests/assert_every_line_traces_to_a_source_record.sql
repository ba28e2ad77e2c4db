-- Every line rests on source records of a completed delivery: a line of a deal on that deal, one of a transaction on
-- that transaction, an adjustment on its record, any line on at least one. No record is named twice or without its hash,
-- and none by a line that does not exist. All in one query: the provenance is a view.
with records as (
    select
        line_id,
        source,
        source_table,
        record_id,
        max(load_id) as load_id,
        count(*) as row_count,
        count(content_hash) as hash_count
    from {{ ref('fct_provenance') }}
    group by line_id, source, source_table, record_id
),

traced as (
    select
        records.line_id,
        count(loads.load_id) as record_count,
        count(*) as key_count,
        sum(records.row_count) as row_count,
        sum(records.hash_count) as hash_count,
        count(case when loads.load_id is not null then records.record_id end) as named_count,
        max(case when records.source_table = 'deals' and loads.load_id is not null then 1 else 0 end) as deal_found,
        max(case
            when records.source_table = 'transactions' and loads.load_id is not null then 1
            else 0
        end) as transaction_found,
        max(case
            when records.source_table = 'adjustments' and loads.load_id is not null then 1
            else 0
        end) as adjustment_found
    from records
    left join {{ source('files', 'loads') }} as loads on records.load_id = loads.load_id
    group by records.line_id
)

select
    coalesce(lines.line_id, traced.line_id) as line_id,
    lines.component,
    lines.deal_id,
    lines.transaction_id,
    traced.record_count,
    traced.row_count
from {{ ref('fct_payout_lines') }} as lines
full outer join traced on lines.line_id = traced.line_id
where lines.line_id is null
    or coalesce(traced.record_count, 0) = 0
    or traced.row_count != traced.key_count
    or traced.hash_count != traced.row_count
    or traced.named_count != traced.record_count
    or (lines.deal_id is not null and traced.deal_found = 0)
    or (coalesce(lines.transaction_id, '') != '' and traced.transaction_found = 0)
    or (lines.component = 'adjustment' and traced.adjustment_found = 0)
