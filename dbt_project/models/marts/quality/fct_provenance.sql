-- One row per payout line and source record it rests on: one query from any line to its source rows. A locked line rests
-- on the records it was locked with, a true-up on those of now and on what it was locked with and is gone.
{%- set record = 'source, source_table, record_id, load_id, content_hash' %}
with lines as (
    select
        line_id,
        employee_id,
        deal_id,
        transaction_id,
        component = 'true_up' as is_true_up,
        corrects_line_id,
        calculated_line_id
    from {{ ref('fct_payout_lines') }}
    where not is_locked
),

calculated as (
    select
        lines.line_id,
        records.source,
        records.source_table,
        records.record_id,
        records.load_id,
        records.content_hash
    from lines
    inner join {{ ref('calculated_provenance') }} as records on lines.calculated_line_id = records.line_id
),

corrections as (
    select * from lines where is_true_up
),

-- a line that is calculated no more still leads to its own deal, transaction and person
former as (
    select
        corrections.line_id,
        records.source,
        records.source_table,
        records.record_id,
        records.load_id,
        records.content_hash,
        1 as preference
    from corrections
    inner join {{ source('ledger', 'locked_provenance') }} as records on corrections.corrects_line_id = records.line_id
    union all
    {%- for table, key in [('deals', 'deal_id'), ('transactions', 'transaction_id'), ('employees', 'employee_id')] %}
    select
        corrections.line_id,
        records.source,
        records.source_table,
        records.record_id,
        records.load_id,
        records.content_hash,
        2 as preference
    from corrections
    inner join {{ ref('source_records') }} as records
        on records.source_table = '{{ table }}' and corrections.{{ key }} = records.record_id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

former_only as (
    select
        former.*,
        row_number() over (
            partition by former.line_id, former.source, former.source_table, former.record_id order by former.preference asc
        ) as choice_no
    from former
    left join calculated
        on former.line_id = calculated.line_id
        and former.source = calculated.source
        and former.source_table = calculated.source_table
        and former.record_id = calculated.record_id
    where calculated.line_id is null
),

final as (
    select line_id, {{ record }} from calculated
    union all
    select line_id, {{ record }} from former_only where choice_no = 1
    union all
    select line_id, {{ record }} from {{ source('ledger', 'locked_provenance') }}
)

select * from final
