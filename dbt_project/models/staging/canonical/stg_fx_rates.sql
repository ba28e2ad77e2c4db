with latest as (
    select * from {{ ref('stg_files__fx_rates') }}
),

final as (
    select
        latest.currency,
        latest.date,
        latest.rate_to_base,
        {{ lineage('fx_rates', ['latest.currency', 'latest.date']) }}
    from latest
)

select * from final
