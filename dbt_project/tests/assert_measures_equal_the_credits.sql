-- The sales amount of an employee and month is what he was credited with as a closer; deals without an exchange rate
-- count nowhere. The sources of his results add up to the same amount.
with credited as (
    select
        credits.employee_id,
        credits.period,
        sum(credits.credited_amount) as credited_amount
    from {{ ref('fct_credits') }} as credits
    inner join {{ ref('fct_deal_sources') }} as sources on credits.deal_id = sources.deal_id and sources.has_fx_rate
    inner join {{ ref('int_periods') }} as periods on credits.period = periods.period
    where credits.pool = 'closing'
    group by credits.employee_id, credits.period
),

measured as (
    select
        employee_id,
        period,
        value
    from {{ ref('fct_measures') }}
    where measure = 'sales_amount' and employee_id not like 'team:%'
),

sourced as (
    select
        employee_id,
        period,
        sum(amount) as sourced_amount
    from {{ ref('fct_result_sources') }}
    group by employee_id, period
)

select
    coalesce(credited.employee_id, measured.employee_id) as employee_id,
    coalesce(credited.period, measured.period) as period,
    credited.credited_amount,
    measured.value as measured_amount,
    sourced.sourced_amount
from credited
full outer join measured on credited.employee_id = measured.employee_id and credited.period = measured.period
left join sourced
    on coalesce(credited.employee_id, measured.employee_id) = sourced.employee_id
    and coalesce(credited.period, measured.period) = sourced.period
where coalesce(credited.credited_amount, 0) != coalesce(measured.value, 0)
    or coalesce(credited.credited_amount, 0) != coalesce(sourced.sourced_amount, 0)
