-- One row per lead that reached the stage `visited`: its first visit. An event that names only the customer belongs to
-- every lead of that customer created before it.
with visits as (
    select
        events.lead_id,
        coalesce(keys.customer_key, events.customer_id) as customer_key,
        events.occurred_at
    from {{ ref('stg_journey_events') }} as events
    left join {{ ref('int_customer_keys') }} as keys on events.customer_id = keys.customer_id
    where events.stage = 'visited'
),

leads as (
    select
        leads.lead_id,
        leads.created_at,
        coalesce(keys.customer_key, {{ own_key_of_lead('leads') }}) as customer_key
    from {{ ref('stg_leads') }} as leads
    left join {{ ref('int_customer_keys') }} as keys on {{ own_key_of_lead('leads') }} = keys.customer_id
),

lead_visits as (
    select
        lead_id,
        occurred_at
    from visits
    where lead_id is not null
    union all
    select
        leads.lead_id,
        visits.occurred_at
    from visits
    inner join leads on visits.customer_key = leads.customer_key and leads.created_at <= visits.occurred_at
    where visits.lead_id is null
),

final as (
    select
        lead_id,
        min(occurred_at) as visited_at,
        {{ business_date('min(occurred_at)') }} as visited_date
    from lead_visits
    group by lead_id
)

select * from final
