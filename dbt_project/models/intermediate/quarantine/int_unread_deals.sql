-- One row per open row in quarantine and deal that depends on it: all of its commission, or its collaboration award only
-- (reading 41). A row depends through the deal it names, or through its customer, currency or employee.
with unread as (
    select * from {{ ref('stg_open_quarantine') }}
),

deals as (
    select
        sources.*,
        policies.protection_days,
        policies.lookback_days,
        policies.window_days
    from {{ ref('fct_deal_sources') }} as sources
    inner join {{ source('plans', 'crediting_policies') }} as policies
        on sources.signed_date >= policies.valid_from and sources.signed_date < policies.valid_to
),

of_customer as (
    select
        unread.unread_id,
        unread.source_table,
        unread.happened_at,
        unread.stage,
        customers.is_joining,
        deals.deal_id,
        deals.customer_key,
        deals.source,
        deals.is_internal_circulation,
        deals.window_days,
        greatest(deals.protection_days, deals.lookback_days) as lead_days,
        coalesce(unread.happened_at <= deals.signed_at, true) as is_by_signing,
        coalesce({{ days_between(business_date('unread.happened_at'), 'deals.signed_date') }}, 0) as days_to_sign
    from unread
    inner join {{ ref('int_unread_customers') }} as customers on unread.unread_id = customers.unread_id
    inner join deals on customers.customer_key = deals.customer_key
),

with_visits as (
    select distinct customer_key
    from {{ ref('int_lead_facts') }}
    where visit_days is not null
),

final as (
    select
        unread.unread_id,
        deals.deal_id,
        false as is_award_only
    from unread
    inner join deals on unread.deal_id = deals.deal_id
    where unread.source_table in ('deals', 'deal_splits', 'transactions')
    union
    select
        of_customer.unread_id,
        of_customer.deal_id,
        false as is_award_only
    from of_customer
    left join with_visits on of_customer.customer_key = with_visits.customer_key
    where case of_customer.source_table
        when 'customers' then true
        when 'deals' then of_customer.source != 'repurchase' and of_customer.is_by_signing
        when 'leads' then of_customer.is_joining
            or (of_customer.is_by_signing and of_customer.days_to_sign <= of_customer.lead_days)
        when 'journey_events' then coalesce(of_customer.stage = 'visited', true) and with_visits.customer_key is not null
        when 'ownership_changes' then
            (of_customer.is_by_signing and of_customer.days_to_sign <= of_customer.window_days)
            or (of_customer.source = 'self_sourced' and not of_customer.is_internal_circulation)
        else false
    end
    union
    select
        unread.unread_id,
        deals.deal_id,
        false as is_award_only
    from unread
    inner join {{ ref('stg_deals') }} as deals on unread.customer_id = deals.referrer_customer_id
    where unread.source_table = 'customers'
    union
    select
        unread.unread_id,
        deals.deal_id,
        false as is_award_only
    from unread
    inner join {{ ref('stg_customers') }} as customers on unread.customer_id = customers.referred_by_customer_id
    inner join {{ ref('stg_deals') }} as deals on customers.customer_id = deals.customer_id
    where unread.source_table = 'customers'
    union
    select
        unread.unread_id,
        spoken.deal_id,
        false as is_award_only
    from unread
    inner join (
        select
            deal_id,
            currency
        from {{ ref('stg_deals') }}
        union all
        select
            deal_id,
            currency
        from {{ ref('stg_transactions') }}
    ) as spoken on unread.currency = spoken.currency
    inner join deals on spoken.deal_id = deals.deal_id
    where unread.source_table = 'fx_rates' and coalesce(unread.rate_date <= deals.signed_date, true)
    union
    select
        unread.unread_id,
        deals.deal_id,
        false as is_award_only
    from unread
    inner join {{ ref('int_unread_people') }} as people on unread.unread_id = people.unread_id
    inner join {{ ref('int_lead_facts') }} as leads on people.employee_id = leads.owner_employee_id
    inner join deals on leads.customer_key = deals.customer_key
    where unread.source_table in ('employees', 'employee_assignments', 'source_users')
    union
    select
        unread.unread_id,
        deals.deal_id,
        true as is_award_only
    from unread
    inner join {{ ref('int_unread_customers') }} as customers on unread.unread_id = customers.unread_id
    inner join deals
        on customers.customer_key = case unread.source_table
            when 'activities' then deals.customer_key
            else deals.referrer_customer_key
        end
    where unread.source_table in ('activities', 'ownership_changes')
)

select * from final
