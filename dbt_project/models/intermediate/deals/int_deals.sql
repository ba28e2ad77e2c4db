-- One row per deal: its customer, business date, and amount in the base currency of the crediting policy.
with deals as (
    select * from {{ ref('stg_deals') }}
),

keys as (
    select * from {{ ref('int_customer_keys') }}
),

rates as (
    select * from {{ ref('int_fx_rates') }}
),

-- days without a plan have the currency of the plans
company as (
    select currency
    from {{ source('plans', 'plans') }}
    order by plan_id asc
    limit 1
),

cancelled as (
    select distinct deal_id
    from {{ ref('stg_transactions') }}
    where kind = 'cancellation'
),

customers as (
    select
        customers.customer_id,
        coalesce(keys.customer_key, customers.customer_id) as customer_key,
        customers.referred_by_customer_id
    from {{ ref('stg_customers') }} as customers
    left join keys on customers.customer_id = keys.customer_id
),

-- both are few: most customers were referred by nobody
recorded as (
    select
        referred.customer_id,
        referred.referred_by_customer_id,
        referrers.customer_key
    from (select * from customers where referred_by_customer_id is not null) as referred
    left join customers as referrers on referred.referred_by_customer_id = referrers.customer_id
),

named as (
    select
        referrals.referrer_customer_id,
        customers.customer_key
    from (select distinct referrer_customer_id from deals where referrer_customer_id is not null) as referrals
    inner join customers on referrals.referrer_customer_id = customers.customer_id
),

joined as (
    select
        deals.deal_id,
        coalesce(keys.customer_key, deals.customer_id) as customer_key,
        deals.customer_id,
        deals.owner_employee_id,
        deals.amount,
        deals.currency,
        case
            when rates.rate_to_base is not null then coalesce(policies.currency, company.currency)
            else deals.currency
        end as base_currency,
        coalesce(policies.currency, company.currency) as policy_currency,
        policies.policy_id,
        policies.basis,
        deals.currency = coalesce(policies.currency, company.currency) or rates.rate_to_base is not null as has_fx_rate,
        case
            when deals.currency = coalesce(policies.currency, company.currency) then cast(1 as decimal(18, 8))
            else coalesce(rates.rate_to_base, 1)
        end as fx_rate,
        deals.units,
        deals.signed_at,
        deals.signed_date,
        {{ period_of('deals.signed_date') }} as period,
        deals.status,
        deals.status = 'signed' or cancelled.deal_id is not null as is_creditable,
        deals.claimed_source,
        coalesce(
            replace(replace(lower(trim(deals.claimed_source)), '-', '_'), ' ', '_') = 'self_sourced', false
        ) as claims_self_sourced,
        deals.referrer_customer_id,
        recorded.referred_by_customer_id,
        named.customer_key as named_customer_key,
        recorded.customer_key as recorded_customer_key,
        deals.product,
        deals.deal_kind
    from deals
    inner join {{ source('plans', 'crediting_policies') }} as policies
        on deals.signed_date >= policies.valid_from and deals.signed_date < policies.valid_to
    cross join company
    left join keys on deals.customer_id = keys.customer_id
    left join rates
        on deals.currency = rates.currency
        and deals.signed_date >= rates.valid_from
        and deals.signed_date < rates.valid_to
    left join cancelled on deals.deal_id = cancelled.deal_id
    left join recorded on deals.customer_id = recorded.customer_id
    left join named on deals.referrer_customer_id = named.referrer_customer_id
),

final as (
    select
        deal_id,
        customer_key,
        customer_id,
        owner_employee_id,
        amount,
        currency,
        base_currency,
        policy_currency,
        policy_id,
        basis,
        has_fx_rate,
        fx_rate,
        units,
        signed_at,
        signed_date,
        period,
        status,
        is_creditable,
        claimed_source,
        claims_self_sourced,
        referrer_customer_id,
        referred_by_customer_id,
        product,
        deal_kind,
        {{ exact_mul('amount', 'fx_rate') }} as base_amount,
        case
            when named_customer_key != customer_key then named_customer_key
            when recorded_customer_key != customer_key then recorded_customer_key
        end as referrer_customer_key
    from joined
)

select * from final
