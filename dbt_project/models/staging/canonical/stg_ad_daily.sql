with latest as (
    select * from {{ ref('stg_files__ad_daily') }}
),

final as (
    select
        latest.platform,
        latest.campaign_id,
        latest.date,
        latest.impressions,
        latest.clicks,
        latest.conversions,
        latest.cost,
        latest.currency,
        {{ lineage('ad_daily', ['latest.platform', 'latest.campaign_id', 'latest.date']) }}
    from latest
    where {{ happened('date') }}
)

select * from final
