-- One row per true-up and record behind it that is new, changed or gone since the books last said what the line pays; one
-- row without a record where none of the line's own records is.
{%- set entities = templates_behind_lines() %}
{%- set keys = ['source', 'source_table', 'record_id'] %}
with true_ups as (
    select * from {{ ref('int_true_ups') }}
),

booked as (
    select
        true_ups.line_id,
        lines.line_id as booked_line_id,
        row_number() over (partition by true_ups.line_id order by lines.period desc, lines.line_id asc) as latest_no
    from true_ups
    inner join {{ source('ledger', 'locked_lines') }} as lines
        on true_ups.calculated_line_id = lines.calculated_line_id
        and true_ups.origin_period = case when lines.component = 'true_up' then lines.origin_period else lines.period end
),

own_records as (
    select
        booked.line_id,
        records.source,
        records.source_table,
        records.record_id,
        records.load_id,
        records.content_hash
    from booked
    inner join {{ source('ledger', 'locked_provenance') }} as records on booked.booked_line_id = records.line_id
    where booked.latest_no = 1
),

new_records as (
    select line_id, source, source_table, record_id, load_id, content_hash from {{ ref('int_true_up_records') }}
),

-- a record that is new to the line may have been known when other lines were locked
known_records as (
    select
        new_records.line_id,
        records.source,
        records.source_table,
        records.record_id,
        records.load_id,
        records.content_hash,
        row_number() over (
            partition by new_records.line_id, records.source, records.source_table, records.record_id
            order by records.load_id desc, records.content_hash asc
        ) as latest_no
    from new_records
    inner join {{ source('ledger', 'locked_provenance') }} as records
        on new_records.source = records.source
        and new_records.source_table = records.source_table
        and new_records.record_id = records.record_id
    left join own_records
        on new_records.line_id = own_records.line_id
        and new_records.source_table = own_records.source_table
        and new_records.record_id = own_records.record_id
    where own_records.line_id is null
),

old_records as (
    select line_id, source, source_table, record_id, load_id, content_hash from own_records
    union all
    select line_id, source, source_table, record_id, load_id, content_hash from known_records where latest_no = 1
),

-- a record that the line rests on no more may still be there: it has not changed, its meaning for the line has
present_records as (
    select
        old_records.line_id,
        records.source,
        records.source_table,
        records.record_id,
        records.load_id,
        records.content_hash
    from old_records
    inner join {{ ref('source_records') }} as records
        on old_records.source_table = records.source_table and old_records.record_id = records.record_id
    union
    select * from new_records
),

changed as (
    select
        coalesce(present_records.line_id, old_records.line_id) as line_id,
        {%- for key in keys %}
        coalesce(present_records.{{ key }}, old_records.{{ key }}) as {{ key }},
        {%- endfor %}
        case
            when old_records.line_id is null then 'added'
            when present_records.line_id is null then 'removed'
            else 'changed'
        end as change,
        old_records.load_id as old_load_id,
        old_records.content_hash as old_content_hash,
        present_records.load_id as new_load_id,
        present_records.content_hash as new_content_hash
    from old_records
    full outer join present_records
        on old_records.line_id = present_records.line_id
        {%- for key in keys %}
        and old_records.{{ key }} = present_records.{{ key }}
        {%- endfor %}
    where coalesce(old_records.content_hash, '') != coalesce(present_records.content_hash, '')
),

versions as (
    select source_table, old_load_id as load_id, old_content_hash as content_hash from changed where source = 'files'
    union
    select source_table, new_load_id as load_id, new_content_hash as content_hash from changed where source = 'files'
),

row_values as (
    {%- for entity in entities %}
    select
        versions.source_table,
        versions.load_id,
        versions.content_hash,
        max({{ landed_row_json('landed') }}) as row_values
    from versions
    inner join {{ source('files', entity) }} as landed
        on versions.source_table = '{{ entity }}'
        and versions.load_id = landed._load_id
        and versions.content_hash = landed._content_hash
    group by versions.source_table, versions.load_id, versions.content_hash
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

present as (
    select
        true_ups.line_id,
        true_ups.period,
        true_ups.origin_period,
        true_ups.corrects_line_id,
        true_ups.corrected_component,
        true_ups.employee_id,
        true_ups.currency,
        true_ups.locked_amount,
        true_ups.posted_amount,
        true_ups.calculated_amount,
        true_ups.amount,
        changed.source,
        changed.source_table,
        changed.record_id,
        coalesce(changed.change, 'elsewhere') as change,
        changed.old_load_id,
        changed.new_load_id,
        old_values.row_values as old_values,
        new_values.row_values as new_values
    from true_ups
    left join changed on true_ups.line_id = changed.line_id
    {%- for side in ['old', 'new'] %}
    left join row_values as {{ side }}_values
        on changed.source_table = {{ side }}_values.source_table
        and changed.{{ side }}_load_id = {{ side }}_values.load_id
        and changed.{{ side }}_content_hash = {{ side }}_values.content_hash
    {%- endfor %}
),

final as (
    select * from present
    union all
    select
        line_id,
        period,
        origin_period,
        corrects_line_id,
        corrected_component,
        employee_id,
        currency,
        locked_amount,
        posted_amount,
        calculated_amount,
        amount,
        source,
        source_table,
        record_id,
        change,
        old_load_id,
        new_load_id,
        old_values,
        new_values
    from {{ source('ledger', 'locked_causes') }}
)

select * from final
