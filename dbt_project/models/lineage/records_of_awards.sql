-- One row per deal with a joint collaboration award and activity that earned it: the substantive ones that the people of
-- the award did between the first lead and the signing (rulebook 3.6).
with deals as (
    select
        sources.deal_id,
        sources.customer_key,
        sources.signed_at,
        policies.policy_id,
        policies.valid_from as policy_from
    from {{ ref('fct_deal_sources') }} as sources
    inner join {{ source('plans', 'crediting_policies') }} as policies
        on sources.signed_date >= policies.valid_from and sources.signed_date < policies.valid_to
    where sources.source = 'marketing'
),

-- shares that were delivered need no activity
split_deals as (
    select distinct deal_id
    from {{ ref('stg_deal_splits') }}
    where pool = 'collaboration'
),

earners as (
    select distinct
        credits.deal_id,
        credits.employee_id
    from {{ ref('fct_credits') }} as credits
    left join split_deals on credits.deal_id = split_deals.deal_id
    where credits.pool = 'collaboration' and split_deals.deal_id is null
),

contacts as (
    select
        activities.source_table,
        activities.record_id,
        activities.employee_id,
        activities.kind,
        activities.started_at,
        coalesce(keys.customer_key, activities.customer_id) as customer_key
    from {{ ref('stg_activities') }} as activities
    left join {{ ref('int_customer_keys') }} as keys on activities.customer_id = keys.customer_id
),

first_touches as (
    select
        deal_id,
        min(created_at) as first_touched_at
    from {{ ref('int_touches') }}
    group by deal_id
)

select
    deals.deal_id,
    activities.source_table,
    activities.record_id
from deals
inner join earners on deals.deal_id = earners.deal_id
inner join first_touches on deals.deal_id = first_touches.deal_id
inner join contacts as activities
    on earners.employee_id = activities.employee_id
    and deals.customer_key = activities.customer_key
    and activities.started_at >= first_touches.first_touched_at
    and activities.started_at <= deals.signed_at
inner join {{ source('plans', 'crediting_values') }} as kinds
    on deals.policy_id = kinds.policy_id
    and deals.policy_from = kinds.valid_from
    and kinds.list_name = 'substantive_kinds'
    and activities.kind = kinds.value
