-- One row per employee and month: money of deals that the owner's campaigns brought, refunds taken off in their own
-- month, per money spent on them.
with spent as (
    select
        employee_id,
        period,
        spend
    from {{ ref('int_ad_months') }}
),

earned as (
    select
        ad_deals.employee_id,
        measures.period,
        sum(measures.amount) as revenue
    from {{ ref('int_ad_deals') }} as ad_deals
    inner join {{ ref('int_measures_deal') }} as measures on ad_deals.deal_id = measures.deal_id
    group by ad_deals.employee_id, measures.period
),

-- spend that is not known (no exchange rate) is not 0
facts as (
    select
        coalesce(spent.employee_id, earned.employee_id) as employee_id,
        coalesce(spent.period, earned.period) as period,
        coalesce(earned.revenue, 0) as numerator,
        case when spent.employee_id is null then 0 else spent.spend end as denominator,
        case when spent.employee_id is not null and spent.spend is null then 'no_fx_rate' end as reason
    from spent
    full outer join earned on spent.employee_id = earned.employee_id and spent.period = earned.period
),

final as (
    {{ kpi_ratio('facts', reason='reason') }}
)

select * from final
