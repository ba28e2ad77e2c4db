-- One row per employee and month: of the customers owned at its end that ever bought, those that bought again by then.
{% macro register_kpi_customer_return_rate() %}{% endmacro %}

with deals as (
    select
        deals.customer_key,
        deals.signed_date,
        row_number() over (
            partition by deals.customer_key order by deals.signed_date asc, deals.signed_at asc, deals.deal_id asc
        ) as deal_no
    from {{ ref('int_deals') }} as deals
    inner join {{ ref('stg_calculation') }} as calculation on deals.signed_at <= calculation.as_of
    where deals.status = 'signed'
),

buyers as (
    select
        customer_key,
        min(signed_date) as first_bought_on,
        min(case when deal_no = 2 then signed_date end) as bought_again_on
    from deals
    group by customer_key
),

facts as (
    select
        owned.employee_id,
        owned.period,
        sum(case when buyers.bought_again_on <= owned.ends_on then 1 else 0 end) as numerator,
        count(*) as denominator
    from {{ ref('int_customers_owned') }} as owned
    inner join buyers on owned.customer_key = buyers.customer_key and owned.ends_on >= buyers.first_bought_on
    group by owned.employee_id, owned.period
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
