-- One row per rejected source row: at the raw edge, or because what it refers to is unknown so far.
with final as (
    select
        source,
        source_table,
        source_location as location,
        row_json as {{ adapter.quote('row') }},
        reason,
        load_id
    from {{ ref('stg_quarantine') }}
    union all
    select
        source,
        source_table,
        source_location as location,
        row_json as {{ adapter.quote('row') }},
        reason,
        load_id
    from {{ ref('stg_rejections') }}
)

select * from final
