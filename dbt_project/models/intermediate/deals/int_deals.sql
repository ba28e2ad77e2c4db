-- One row per deal: its customer, business date, and amount in the base currency of the crediting policy.
with deals as (
    select * from {{ ref('stg_deals') }}
),

resolved as (
    select
        record_id,
        source,
        customer_key
    from {{ ref('int_customers_resolved') }}
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

referrers as (
    select
        customers.customer_id,
        customers.referred_by_customer_id
    from {{ ref('stg_customers') }} as customers
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
        referrers.referred_by_customer_id,
        deals.product,
        deals.deal_kind,
        deals.source,
        deals.source_table,
        deals.record_id,
        deals.load_id,
        deals.content_hash
    from deals
    inner join {{ source('plans', 'crediting_policies') }} as policies
        on deals.signed_date >= policies.valid_from and deals.signed_date < policies.valid_to
    cross join company
    left join {{ ref('int_customer_keys') }} as keys on deals.customer_id = keys.customer_id
    left join rates
        on deals.currency = rates.currency
        and deals.signed_date >= rates.valid_from
        and deals.signed_date < rates.valid_to
    left join cancelled on deals.deal_id = cancelled.deal_id
    left join referrers on deals.customer_id = referrers.customer_id
),

final as (
    select
        joined.*,
        {{ exact_mul('joined.amount', 'joined.fx_rate') }} as base_amount,
        case
            when named.customer_key != joined.customer_key then named.customer_key
            when recorded.customer_key != joined.customer_key then recorded.customer_key
        end as referrer_customer_key
    from joined
    left join resolved as named
        on joined.referrer_customer_id = named.record_id and named.source = 'customers'
    left join resolved as recorded
        on joined.referred_by_customer_id = recorded.record_id and recorded.source = 'customers'
)

select * from final
