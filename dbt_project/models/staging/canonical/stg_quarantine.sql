-- One row per rejected row of a completed delivery.
with quarantined as (
    select * from {{ source('files', 'quarantine') }}
),

loads as (
    select * from {{ source('files', 'loads') }}
),

final as (
    select
        quarantined.source,
        quarantined.source_table,
        quarantined.location as source_location,
        quarantined.file,
        quarantined.line,
        quarantined.field,
        quarantined.value,
        quarantined.row as row_json,
        quarantined.record as record_json,
        quarantined.reason,
        quarantined.load_id,
        loads.load_seq
    from quarantined
    inner join loads on quarantined.load_id = loads.load_id
)

select * from final
