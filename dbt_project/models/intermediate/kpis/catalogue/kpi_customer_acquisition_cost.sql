-- One row per employee and month: money spent on the owner's campaigns per customer they brought, by month of signing;
-- not taken back by refunds.
with spent as (
    select
        employee_id,
        period,
        spend
    from {{ ref('int_ad_months') }}
),

brought as (
    select
        employee_id,
        signed_period as period,
        count(*) as customers
    from {{ ref('int_ad_deals') }}
    group by employee_id, signed_period
),

-- spend that is not known (no exchange rate) is not 0
facts as (
    select
        coalesce(spent.employee_id, brought.employee_id) as employee_id,
        coalesce(spent.period, brought.period) as period,
        case when spent.employee_id is null then 0 else spent.spend end as numerator,
        coalesce(brought.customers, 0) as denominator,
        case when spent.employee_id is not null and spent.spend is null then 'no_fx_rate' end as reason
    from spent
    full outer join brought on spent.employee_id = brought.employee_id and spent.period = brought.period
),

final as (
    {{ kpi_ratio('facts', reason='reason') }}
)

select * from final
