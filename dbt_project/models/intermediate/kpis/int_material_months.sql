-- One row per owner and month from the first movement on: the figures of all materials. For people who were not employed
-- only months with a movement count for the KPIs of the month, but every month has a stock.
select
    stocks.employee_id,
    stocks.period,
    stocks.starts_on,
    max(case when stocks.has_movement then 1 else 0 end) = 1 or max(months.period) is not null as is_shown,
    cast(sum(stocks.opening_amount) as decimal(28, 2)) as opening_amount,
    cast(sum(stocks.received_amount) as decimal(28, 2)) as received_amount,
    cast(sum(stocks.issued_amount) as decimal(28, 2)) as issued_amount,
    cast(sum(stocks.lost_amount) as decimal(28, 2)) as lost_amount,
    cast(sum(stocks.stock_amount) as decimal(28, 2)) as stock_amount
from {{ ref('int_material_stocks') }} as stocks
left join {{ ref('int_kpi_months') }} as months
    on stocks.employee_id = months.employee_id and stocks.period = months.period
group by stocks.employee_id, stocks.period, stocks.starts_on
