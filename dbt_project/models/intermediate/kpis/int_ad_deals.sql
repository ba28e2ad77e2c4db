-- One row per marketing deal whose first touch names a campaign of ours: the deals that advertising brought.
with first_touches as (
    select
        deal_id,
        lead_id
    from {{ ref('int_touches') }}
    where touch_no = 1
),

final as (
    select
        sources.deal_id,
        sources.period as signed_period,
        campaigns.platform,
        campaigns.campaign_id,
        coalesce(campaigns.owner_employee_id, 'UNRESOLVED') as employee_id
    from first_touches
    inner join {{ ref('fct_deal_sources') }} as sources on first_touches.deal_id = sources.deal_id
    inner join {{ ref('stg_leads') }} as leads on first_touches.lead_id = leads.lead_id
    inner join {{ ref('stg_campaigns') }} as campaigns
        on leads.platform = campaigns.platform and leads.campaign_id = campaigns.campaign_id
    where sources.is_creditable
)

select * from final
