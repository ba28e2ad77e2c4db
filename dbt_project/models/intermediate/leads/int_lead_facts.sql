-- One row per lead: every fact that a rule of lead validity asks for (rulebook 3.1).
with odd_phones as (
    select value
    from {{ ref('int_spellings_normalised') }}
    where kind = 'phone' and normal_form is not null
),

-- flags in place of the texts they are made of: few bytes go through the window below
leads as (
    select
        leads.lead_id,
        coalesce(keys.customer_key, {{ own_key_of_lead('leads') }}) as customer_key,
        leads.customer_id,
        leads.owner_employee_id,
        leads.created_at,
        leads.created_date,
        leads.lead_type,
        leads.channel,
        leads.customer_type,
        leads.review_status,
        leads.reviewed_at,
        coalesce(trim(leads.phone), '') = ''
        and coalesce(trim(leads.email), '') = ''
        and coalesce(trim(leads.wecom_id), '') = '' as is_contact_missing,
        {{ is_ordinary_phone('leads.phone') }}
        or odd_phones.value is not null
        or {{ is_email('leads.email') }}
        or {{ is_wecom_id('leads.wecom_id') }} as is_contact_well_formed,
        policies.policy_id,
        policies.dedupe_days,
        policies.visit_days
    from {{ ref('stg_leads') }} as leads
    left join {{ ref('int_customer_keys') }} as keys on {{ own_key_of_lead('leads') }} = keys.customer_id
    left join odd_phones on leads.phone = odd_phones.value
    inner join {{ source('plans', 'crediting_policies') }} as policies
        on leads.created_date >= policies.valid_from and leads.created_date < policies.valid_to
),

first_deals as (
    select
        customer_key,
        min(signed_at) as first_signed_at
    from {{ ref('int_deals') }}
    where status = 'signed'
    group by customer_key
),

accepted_types as (
    select
        policy_id,
        valid_from,
        value
    from {{ source('plans', 'crediting_values') }}
    where list_name = 'accepted_customer_types'
),

limited_policies as (
    select distinct policy_id from accepted_types
),

-- asked for by policies that list types only
named as (
    select
        customer_id,
        customer_type
    from {{ ref('stg_customers') }}
    where (select count(*) from accepted_types) > 0
),

final as (
    select
        leads.lead_id,
        leads.customer_key,
        leads.owner_employee_id,
        leads.created_at,
        leads.created_date,
        leads.lead_type,
        leads.channel,
        leads.customer_type,
        leads.policy_id,
        leads.review_status,
        leads.reviewed_at,
        leads.visit_days,
        visits.visited_at,
        visits.visited_date,
        leads.is_contact_missing,
        leads.is_contact_well_formed,
        lag(leads.created_date) over (
            partition by leads.customer_key order by leads.created_at asc, leads.lead_id asc
        ) as previous_lead_date,
        leads.dedupe_days,
        first_deals.first_signed_at < leads.created_at as is_existing_customer,
        limited_policies.policy_id is not null and accepted_types.value is null as is_out_of_profile
    from leads
    left join {{ ref('int_first_visits') }} as visits on leads.lead_id = visits.lead_id
    left join named on leads.customer_id = named.customer_id
    left join first_deals on leads.customer_key = first_deals.customer_key
    left join limited_policies on leads.policy_id = limited_policies.policy_id
    left join accepted_types
        on leads.policy_id = accepted_types.policy_id
        and coalesce(nullif(leads.customer_type, ''), named.customer_type) = accepted_types.value
)

select * from final
