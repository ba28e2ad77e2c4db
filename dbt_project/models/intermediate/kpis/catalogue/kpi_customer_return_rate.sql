-- One row per employee and month: of the customers owned at its end that ever bought, those that bought again by then.
with days as (
    select
        customer_key,
        signed_date,
        count(*) as deals
    from {{ ref('int_deals') }}
    where status = 'signed'
    group by customer_key, signed_date
),

firsts as (
    select
        customer_key,
        min(signed_date) as first_bought_on
    from days
    group by customer_key
),

-- again: on the first day already, or on the next one with a deal
buyers as (
    select
        firsts.customer_key,
        firsts.first_bought_on,
        min(case when days.signed_date > firsts.first_bought_on or days.deals > 1 then days.signed_date end) as bought_again_on
    from firsts
    inner join days on firsts.customer_key = days.customer_key
    group by firsts.customer_key, firsts.first_bought_on
),

-- months at whose ends a customer had bought, and had bought again
bought as (
    select
        owned.employee_id,
        greatest(owned.from_month, cast(date_trunc('month', buyers.first_bought_on) as date)) as from_month,
        owned.to_month
    from {{ ref('int_customers_owned') }} as owned
    inner join buyers on owned.customer_key = buyers.customer_key
    where cast(date_trunc('month', buyers.first_bought_on) as date) < owned.to_month
),

bought_again as (
    select
        owned.employee_id,
        greatest(owned.from_month, cast(date_trunc('month', buyers.bought_again_on) as date)) as from_month,
        owned.to_month
    from {{ ref('int_customers_owned') }} as owned
    inner join buyers on owned.customer_key = buyers.customer_key
    where cast(date_trunc('month', buyers.bought_again_on) as date) < owned.to_month
),

counted as (
    {{ spread_over_months('bought') }}
),

counted_again as (
    {{ spread_over_months('bought_again') }}
),

facts as (
    select
        counted.employee_id,
        counted.period,
        coalesce(counted_again.total, 0) as numerator,
        counted.total as denominator
    from counted
    left join counted_again
        on counted.employee_id = counted_again.employee_id and counted.period = counted_again.period
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
