-- One row per owner of campaigns and month with figures. `spend` is NULL when a day is in a currency without a rate.
select
    employee_id,
    period,
    sum(impressions) as impressions,
    sum(clicks) as clicks,
    sum(conversions) as conversions,
    case when count(spend) = count(*) then cast(sum(spend) as decimal(28, 2)) end as spend
from {{ ref('int_ad_days') }}
group by employee_id, period
