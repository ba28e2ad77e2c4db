-- One row per row in quarantine that no later delivery brought well. A later record with the same key closes it, as far as
-- the key could be read; where nothing could, a later file of the same name without a bad row does. Each load of a connected
-- system states all its bad records anew, so that the last one counts.
with quarantined as (
    select
        source,
        source_table,
        source_location,
        file,
        record_json,
        load_id,
        load_seq,
        load_id || '|' || source_location as unread_id
    from {{ ref('stg_quarantine') }}
),

closed as (
    {%- for entity, keys in record_keys().items() %}
    select quarantined.unread_id
    from quarantined
    inner join {{ ref('stg_files__' ~ entity) }} as latest
        on {{ json_text('quarantined.record_json', keys[0]) }} = cast(latest.{{ keys[0] }} as {{ dbt.type_string() }})
    where quarantined.source_table = '{{ entity }}'
        and latest._load_seq > quarantined.load_seq
        {%- for key in keys[1:] %}
        and coalesce({{ json_text('quarantined.record_json', key) }} = cast(latest.{{ key }} as {{ dbt.type_string() }}), true)
        {%- endfor %}
    union
    {%- endfor %}
    select quarantined.unread_id
    from quarantined
    inner join {{ source('files', 'load_files') }} as files
        on quarantined.source_table = files.entity and quarantined.file = files.file
    inner join {{ source('files', 'loads') }} as loads on files.load_id = loads.load_id
    where quarantined.record_json is null
        and loads.load_seq > quarantined.load_seq
        and files.rows_quarantined = 0
    union
    select quarantined.unread_id
    from quarantined
    inner join {{ source('files', 'loads') }} as loads
        on quarantined.source = loads.source and quarantined.load_seq < loads.load_seq
    where quarantined.source != 'files'
),

final as (
    select quarantined.*
    from quarantined
    left join closed on quarantined.unread_id = closed.unread_id
    where closed.unread_id is null
)

select * from final
