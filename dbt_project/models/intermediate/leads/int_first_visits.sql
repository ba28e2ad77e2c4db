{{ config(meta=recomputed(
    by=['lead_id'],
    alike=['stg_leads'],
    others={
        'int_customers_resolved': {
            'groups': "select record_id from {changes} where source = 'leads'",
            'where': "source = 'leads' and record_id in (from {scope})"
        },
        'int_customer_keys': {
            'groups': "
                select record_id
                from {int_customers_resolved}
                where source = 'leads' and customer_key in (select customer_key from {changes} union select customer_id from {changes})
            "
        },
        'stg_journey_events': {
            'groups': "
                select lead_id
                from {changes}
                union
                select resolved.record_id
                from {changes} as changed
                left join {int_customer_keys} as keys on changed.customer_id = keys.customer_id
                inner join {int_customers_resolved} as resolved on coalesce(keys.customer_key, changed.customer_id) = resolved.customer_key
                where changed.lead_id is null and resolved.source = 'leads'
            ",
            'where': 'lead_id is null or lead_id in (from {scope})'
        }
    }
)) }}
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
        resolved.customer_key
    from {{ ref('stg_leads') }} as leads
    inner join {{ ref('int_customers_resolved') }} as resolved
        on leads.lead_id = resolved.record_id and resolved.source = 'leads'
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
