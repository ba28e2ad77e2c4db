-- One row per campaign and day with figures: whose campaign it is and what the day cost in the base currency. Days
-- outside the campaign's own dates count too.
with days as (
    select * from {{ ref('stg_ad_daily') }}
),

-- days without a plan have the currency of the plans, as deals have
company as (
    select currency
    from {{ source('plans', 'plans') }}
    order by plan_id asc
    limit 1
),

final as (
    select
        days.platform,
        days.campaign_id,
        days.date,
        {{ period_of('days.date') }} as period,
        coalesce(campaigns.owner_employee_id, 'UNRESOLVED') as employee_id,
        coalesce(days.impressions, 0) as impressions,
        coalesce(days.clicks, 0) as clicks,
        coalesce(days.conversions, 0) as conversions,
        case
            when coalesce(days.currency, policies.currency, company.currency) = coalesce(policies.currency, company.currency)
                then cast(coalesce(days.cost, 0) as decimal(18, 2))
            else {{ exact_mul('coalesce(days.cost, 0)', 'rates.rate_to_base') }}
        end as spend
    from days
    inner join {{ source('plans', 'crediting_policies') }} as policies
        on days.date >= policies.valid_from and days.date < policies.valid_to
    cross join company
    left join {{ ref('stg_campaigns') }} as campaigns
        on days.platform = campaigns.platform and days.campaign_id = campaigns.campaign_id
    left join {{ ref('int_fx_rates') }} as rates
        on days.currency = rates.currency and days.date >= rates.valid_from and days.date < rates.valid_to
)

select * from final
