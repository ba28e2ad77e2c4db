-- Rows in = rows accepted + rows quarantined, per completed delivery and entity; the accepted ones (one of each exact
-- repetition) are landed, the others stand in the quarantine. Nothing comes in or goes away unseen.
with delivered as (
    select
        files.load_id,
        files.entity,
        sum(files.rows_in) as rows_in,
        sum(files.rows_accepted) as rows_accepted,
        sum(files.rows_duplicate) as rows_duplicate,
        sum(files.rows_quarantined) as rows_quarantined
    from {{ source('files', 'load_files') }} as files
    inner join {{ source('files', 'loads') }} as loads on files.load_id = loads.load_id
    group by files.load_id, files.entity
),

landed as (
    {% for entity in record_keys() -%}
    select
        _load_id as load_id,
        '{{ entity }}' as entity,
        count(*) as landed_count
    from {{ source('files', entity) }}
    where not _is_deleted
    group by _load_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

quarantined as (
    select
        load_id,
        source_table as entity,
        count(*) as quarantined_count
    from {{ source('files', 'quarantine') }}
    group by load_id, source_table
),

final as (
    select
        delivered.load_id,
        delivered.entity,
        delivered.rows_in,
        delivered.rows_accepted,
        delivered.rows_duplicate,
        delivered.rows_quarantined,
        coalesce(landed.landed_count, 0) as landed_count,
        coalesce(quarantined.quarantined_count, 0) as quarantined_count
    from delivered
    left join landed on delivered.load_id = landed.load_id and delivered.entity = landed.entity
    left join quarantined on delivered.load_id = quarantined.load_id and delivered.entity = quarantined.entity
)

select *
from final
where rows_in != rows_accepted + rows_quarantined
    or landed_count != rows_accepted - rows_duplicate
    or quarantined_count != rows_quarantined
