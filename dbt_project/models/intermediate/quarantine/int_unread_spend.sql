-- One row per owner of campaigns and month in which spend, or deals that the campaigns may have brought, depend on a row in
-- quarantine: a deal in question counts for the campaigns of all leads of its customer.
with unread as (
    select * from {{ ref('stg_open_quarantine') }}
),

campaign_leads as (
    select
        resolved.customer_key,
        campaigns.owner_employee_id as employee_id
    from {{ ref('stg_leads') }} as leads
    inner join {{ ref('int_customers_resolved') }} as resolved
        on leads.lead_id = resolved.record_id and resolved.source = 'leads'
    inner join {{ ref('stg_campaigns') }} as campaigns
        on leads.platform = campaigns.platform and leads.campaign_id = campaigns.campaign_id
),

deal_days as (
    select * from {{ ref('int_unread_deal_days') }}
),

-- few: they are found before they meet the leads, which are many
customer_months as (
    select
        customer_key,
        {{ period_of('counted_on') }} as period
    from deal_days
    union
    select
        customers.customer_key,
        periods.period
    from unread
    inner join {{ ref('int_unread_customers') }} as customers on unread.unread_id = customers.unread_id
    inner join {{ ref('int_periods') }} as periods
        on coalesce(unread.counted_on between periods.starts_on and periods.ends_on, true)
    where unread.source_table = 'deals'
),

found as (
    select
        campaign_leads.employee_id,
        customer_months.period
    from customer_months
    inner join campaign_leads on customer_months.customer_key = campaign_leads.customer_key
    union
    select
        campaigns.owner_employee_id as employee_id,
        {{ period_of('deal_days.counted_on') }} as period
    from deal_days
    inner join unread on deal_days.unread_id = unread.unread_id and unread.source_table = 'leads'
    inner join {{ ref('stg_campaigns') }} as campaigns
        on unread.platform = campaigns.platform and unread.campaign_id = campaigns.campaign_id
    union
    select
        campaigns.owner_employee_id as employee_id,
        {{ period_of('days.date') }} as period
    from unread
    inner join {{ ref('stg_ad_daily') }} as days
        on unread.currency = days.currency and coalesce(unread.rate_date <= days.date, true)
    inner join {{ ref('stg_campaigns') }} as campaigns
        on days.platform = campaigns.platform and days.campaign_id = campaigns.campaign_id
    where unread.source_table = 'fx_rates'
),

final as (
    select
        employee_id,
        period
    from found
    where employee_id is not null and period is not null
)

select * from final
