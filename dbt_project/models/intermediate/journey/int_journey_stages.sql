-- One row per customer with a journey and stage of the policy: its first event, the first event of any later stage, and
-- when it was due (rulebook 12).
with keyed as (
    select
        coalesce(by_lead.customer_key, by_customer.customer_key, events.customer_id) as customer_key,
        events.event_id,
        events.stage,
        events.occurred_at,
        events.occurred_date,
        events.employee_id,
        events.deal_id
    from {{ ref('stg_journey_events') }} as events
    left join {{ ref('int_customers_resolved') }} as by_customer
        on events.customer_id = by_customer.record_id and by_customer.source = 'customers'
    left join {{ ref('int_customers_resolved') }} as by_lead
        on events.lead_id = by_lead.record_id and by_lead.source = 'leads'
),

events as (
    select
        keyed.*,
        row_number() over (partition by customer_key, stage order by occurred_at asc, event_id asc) as event_no
    from keyed
    where customer_key is not null
),

firsts as (
    select * from events where event_no = 1
),

journeys as (
    select distinct customer_key from firsts
),

stages as (
    select distinct
        stage,
        ordinal
    from {{ source('plans', 'journey_stages') }}
),

grid as (
    select
        journeys.customer_key,
        stages.stage,
        stages.ordinal,
        firsts.event_id,
        firsts.occurred_at,
        firsts.occurred_date,
        firsts.employee_id,
        firsts.deal_id
    from journeys
    cross join stages
    left join firsts on journeys.customer_key = firsts.customer_key and stages.stage = firsts.stage
),

ordered as (
    select
        grid.*,
        lag(occurred_at) over (partition by customer_key order by ordinal asc) as previous_at,
        lag(occurred_date) over (partition by customer_key order by ordinal asc) as previous_date,
        lag(employee_id) over (partition by customer_key order by ordinal asc) as previous_employee_id,
        lag(deal_id) over (partition by customer_key order by ordinal asc) as previous_deal_id,
        min(occurred_at) over (
            partition by customer_key order by ordinal asc rows between 1 following and unbounded following
        ) as later_at
    from grid
),

later as (
    select
        ordered.customer_key,
        ordered.stage,
        grid.employee_id,
        grid.deal_id,
        row_number() over (partition by ordered.customer_key, ordered.stage order by grid.event_id asc) as choice_no
    from ordered
    inner join grid
        on ordered.customer_key = grid.customer_key
        and grid.ordinal > ordered.ordinal
        and ordered.later_at = grid.occurred_at
),

final as (
    select
        ordered.*,
        later.employee_id as later_employee_id,
        later.deal_id as later_deal_id,
        {{ dbt.dateadd('second', 'cast(limits.max_seconds as integer)', 'ordered.previous_at') }} as due_at
    from ordered
    left join later
        on ordered.customer_key = later.customer_key and ordered.stage = later.stage and later.choice_no = 1
    left join {{ source('plans', 'journey_stages') }} as limits
        on ordered.stage = limits.stage
        and ordered.previous_date >= limits.valid_from
        and ordered.previous_date < limits.valid_to
)

select * from final
