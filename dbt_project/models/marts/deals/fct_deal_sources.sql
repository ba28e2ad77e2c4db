-- One row per deal: where it comes from; the first matching rule wins (rulebook 3.2, 3.3).
with deals as (
    select
        deals.*,
        policies.protection_days,
        policies.lookback_days
    from {{ ref('int_deals') }} as deals
    inner join {{ source('plans', 'crediting_policies') }} as policies
        on deals.policy_id = policies.policy_id
        and deals.signed_date >= policies.valid_from
        and deals.signed_date < policies.valid_to
),

earlier as (
    select
        deal_id,
        coalesce(sum(case when status = 'signed' then 1 else 0 end) over (
            partition by customer_key order by signed_at asc, deal_id asc
            rows between unbounded preceding and 1 preceding
        ), 0) > 0 as has_earlier_deal
    from deals
),

lead_matches as (
    select
        deals.deal_id,
        max(case
            when leads.is_valid
                and {{ days_between('leads.created_date', 'deals.signed_date') }} <= deals.protection_days then 1
            else 0
        end) = 1 as has_protected_lead,
        max(case
            when {{ days_between('leads.created_date', 'deals.signed_date') }} <= deals.lookback_days then 1 else 0
        end) = 1 as has_recent_lead
    from deals
    inner join {{ ref('int_origination_leads') }} as leads
        on deals.customer_key = leads.customer_key and leads.created_at <= deals.signed_at
    group by deals.deal_id
),

other_owners as (
    select distinct deals.deal_id
    from deals
    inner join {{ ref('int_ownership') }} as ownership
        on deals.customer_key = ownership.customer_key
        and ownership.valid_from < deals.signed_at
        and {{ business_date('ownership.valid_to') }} >= {{ add_days('deals.signed_date', '-deals.lookback_days') }}
    where ownership.owner_employee_id != deals.owner_employee_id
),

classified as (
    select
        deals.*,
        case
            when earlier.has_earlier_deal then 'repurchase'
            when coalesce(lead_matches.has_protected_lead, false) then 'marketing'
            when deals.referrer_customer_key is not null then 'referral'
            else 'self_sourced'
        end as deal_source,
        not coalesce(earlier.has_earlier_deal, false) and coalesce(lead_matches.has_protected_lead, false) as is_marketing,
        coalesce(lead_matches.has_recent_lead, false) or other_owners.deal_id is not null as is_circulated
    from deals
    inner join earlier on deals.deal_id = earlier.deal_id
    left join lead_matches on deals.deal_id = lead_matches.deal_id
    left join other_owners on deals.deal_id = other_owners.deal_id
),

final as (
    select
        deal_id,
        customer_key,
        owner_employee_id,
        signed_at,
        signed_date,
        period,
        amount,
        currency,
        base_amount,
        base_currency,
        units,
        status,
        is_creditable,
        has_fx_rate,
        fx_rate,
        policy_id,
        deal_source as source,
        claimed_source,
        claims_self_sourced and is_marketing as is_relabelled,
        deal_source = 'self_sourced' and is_circulated as is_internal_circulation,
        case
            when deal_source = 'self_sourced' and is_circulated then 'marketing'
            else deal_source
        end as paid_as_source,
        referrer_customer_key
    from classified
)

select * from final
