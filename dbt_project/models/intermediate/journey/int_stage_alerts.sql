-- One row per stage of a journey that is late, skipped or out of order (rulebook 12): when it was raised, by whom it is
-- to be mended, and whether it was or whether the alert lapsed.
with stages as (
    select
        stages.*,
        coalesce(stages.occurred_at, stages.later_at) as done_at,
        calculation.as_of
    from {{ ref('int_journey_stages') }} as stages
    cross join {{ ref('stg_calculation') }} as calculation
),

found as (
    select
        'late' as kind,
        customer_key,
        coalesce(deal_id, previous_deal_id) as deal_id,
        stage,
        due_at,
        due_at as raised_at,
        done_at as mended_at,
        as_of,
        previous_employee_id as event_employee_id
    from stages
    where due_at is not null and (done_at > due_at or (done_at is null and as_of > due_at))
    union all
    select
        'skipped' as kind,
        customer_key,
        later_deal_id as deal_id,
        stage,
        due_at,
        later_at as raised_at,
        cast(null as timestamp) as mended_at,
        as_of,
        later_employee_id as event_employee_id
    from stages
    where occurred_at is null and later_at is not null
    union all
    select
        'out_of_order' as kind,
        customer_key,
        deal_id,
        stage,
        due_at,
        occurred_at as raised_at,
        cast(null as timestamp) as mended_at,
        as_of,
        employee_id as event_employee_id
    from stages
    where occurred_at is not null and later_at < occurred_at
),

lapsing as (
    select
        found.*,
        {{ add_seconds('found.raised_at', 'policies.alert_lapse_seconds') }} as lapses_at
    from found
    inner join {{ source('plans', 'crediting_policies') }} as policies
        on {{ business_date('found.raised_at') }} >= policies.valid_from
        and {{ business_date('found.raised_at') }} < policies.valid_to
),

owned as (
    select
        found.*,
        case
            when found.mended_at is not null then 'closed'
            when found.lapses_at <= found.as_of then 'lapsed'
            else 'open'
        end as state,
        coalesce(found.mended_at, case when found.lapses_at <= found.as_of then found.lapses_at end) as closed_at,
        ownership.owner_employee_id
    from lapsing as found
    left join {{ ref('int_ownership') }} as ownership
        on found.customer_key = ownership.customer_key
        and found.raised_at >= ownership.valid_from
        and found.raised_at < ownership.valid_to
),

-- only customers without an owner are asked for their latest lead
leads as (
    select
        owned.kind,
        owned.customer_key,
        owned.stage,
        facts.owner_employee_id,
        row_number() over (
            partition by owned.kind, owned.customer_key, owned.stage
            order by facts.created_at desc, facts.lead_id desc
        ) as latest_no
    from owned
    inner join {{ ref('int_lead_facts') }} as facts
        on owned.customer_key = facts.customer_key and facts.created_at <= owned.raised_at
    where owned.owner_employee_id is null
),

final as (
    select
        {{ md5_key(["'journey'", 'owned.kind', 'owned.customer_key', 'owned.stage']) }} as alert_id,
        owned.kind,
        owned.customer_key,
        owned.deal_id,
        owned.stage,
        coalesce(
            owned.owner_employee_id, leads.owner_employee_id, owned.event_employee_id, 'UNRESOLVED'
        ) as responsible_employee_id,
        owned.due_at,
        owned.raised_at,
        owned.state,
        owned.closed_at
    from owned
    left join leads
        on owned.kind = leads.kind
        and owned.customer_key = leads.customer_key
        and owned.stage = leads.stage
        and leads.latest_no = 1
)

select * from final
