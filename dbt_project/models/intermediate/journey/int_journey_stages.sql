-- One row per customer with a journey and stage of the policy: its first event, the first event of any later stage, and
-- when it was due (rulebook 12). A customer's stages stand side by side first: neighbours are columns then, and no joins.
{%- set columns = ['occurred_at', 'occurred_date', 'employee_id', 'deal_id'] -%}
{%- set last = journey_stage_count() %}
with keyed as (
    select
        coalesce(by_lead.customer_key, by_customer.customer_key, events.customer_id) as customer_key,
        stages.ordinal,
        events.event_id,
        events.occurred_at,
        events.occurred_date,
        events.employee_id,
        events.deal_id
    from {{ ref('stg_journey_events') }} as events
    inner join (select distinct stage, ordinal from {{ source('plans', 'journey_stages') }}) as stages
        on events.stage = stages.stage
    left join {{ ref('int_customer_keys') }} as by_customer on events.customer_id = by_customer.customer_id
    left join {{ ref('int_customers_resolved') }} as by_lead
        on events.lead_id = by_lead.record_id and by_lead.source = 'leads'
),

ordered as (
    select
        keyed.*,
        row_number() over (partition by customer_key, ordinal order by occurred_at asc, event_id asc) as event_no
    from keyed
    where customer_key is not null
),

firsts as (
    select
        customer_key
        {%- for n in range(1, last + 1) %}
        {%- for column in ['event_id'] + columns %},
        max(case when ordinal = {{ n }} then {{ column }} end) as {{ column }}_{{ n }}
        {%- endfor %}
        {%- endfor %}
    from ordered
    where event_no = 1
    group by customer_key
),

timed as (
    select
        firsts.*
        {%- for n in range(1, last) %},
        {{ least_after(n, 'occurred_at_#') }} as later_at_{{ n }}
        {%- endfor %}
    from firsts
),

-- of two later events at the same moment the smaller id
compared as (
    select
        timed.*
        {%- for n in range(1, last) %},
        {{ least_after(n, 'case when occurred_at_# = later_at_' ~ n ~ ' then event_id_# end') }} as later_event_id_{{ n }}
        {%- endfor %}
    from timed
),

stages as (
    {%- for n in range(1, last + 1) %}
    select
        customer_key,
        {{ n }} as ordinal
        {%- for column in columns %},
        {{ column }}_{{ n }} as {{ column }},
        {{ column ~ '_' ~ (n - 1) if n > 1 else 'null' }} as previous_{{ column }}
        {%- endfor %},
        {{ 'later_at_' ~ n if n < last else 'null' }} as later_at,
        {{ of_stage_after(n, 'later_event_id_' ~ n, 'employee_id') if n < last else 'null' }} as later_employee_id,
        {{ of_stage_after(n, 'later_event_id_' ~ n, 'deal_id') if n < last else 'null' }} as later_deal_id
    from compared
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        stages.customer_key,
        named.stage,
        stages.occurred_at,
        stages.employee_id,
        stages.deal_id,
        stages.previous_employee_id,
        stages.previous_deal_id,
        stages.later_at,
        stages.later_employee_id,
        stages.later_deal_id,
        {{ add_seconds('stages.previous_occurred_at', 'limits.max_seconds') }} as due_at
    from stages
    inner join (select distinct stage, ordinal from {{ source('plans', 'journey_stages') }}) as named
        on stages.ordinal = named.ordinal
    left join {{ source('plans', 'journey_stages') }} as limits
        on stages.ordinal = limits.ordinal
        and stages.previous_occurred_date >= limits.valid_from
        and stages.previous_occurred_date < limits.valid_to
)

select * from final
