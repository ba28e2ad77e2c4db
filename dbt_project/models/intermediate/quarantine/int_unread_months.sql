-- One row per employee, month and use whose figures depend on a row in quarantine. `month`: everything that is paid by the
-- month but points and contribution; `points`; `contacts`: contribution; `sales`: totals of rate tables; `quota`: the target
-- named by kpi_id.
with unread as (
    select
        unread.*,
        people.employee_id
    from {{ ref('stg_open_quarantine') }} as unread
    inner join {{ ref('int_unread_people') }} as people on unread.unread_id = people.unread_id
    where unread.source_table in (
        'leads', 'journey_events', 'activities', 'ownership_changes', 'deals', 'ad_daily', 'brand_surveys',
        'product_inputs', 'competitor_events', 'policy_violations', 'material_movements', 'material_requests',
        'complaints', 'service_ratings', 'course_results', 'targets', 'kpi_observations', 'adjustments'
    )
),

-- every month when the row does not say which
named as (
    select
        unread.source_table,
        unread.employee_id,
        coalesce(unread.kpi_id, '') as kpi_id,
        months.period
    from unread
    inner join {{ ref('int_months') }} as months
        on case
            when unread.source_table in ('targets', 'kpi_observations', 'adjustments')
                then coalesce(unread.period in (months.period, months.quarter, months.year), true)
            else coalesce(unread.counted_on between months.starts_on and months.ends_on, true)
        end
),

deals as (
    select distinct
        unread_id,
        deal_id
    from {{ ref('int_unread_deals') }}
    where not is_award_only
),

parties as (
    select
        deals.deal_id,
        people.employee_id
    from deals
    inner join {{ ref('int_unread_people') }} as people on deals.unread_id = people.unread_id
    union
    select
        deals.deal_id,
        signed.owner_employee_id as employee_id
    from deals
    inner join {{ ref('stg_deals') }} as signed on deals.deal_id = signed.deal_id
    union
    select
        deals.deal_id,
        splits.employee_id
    from deals
    inner join {{ ref('stg_deal_splits') }} as splits on deals.deal_id = splits.deal_id and splits.pool = 'closing'
    union
    select
        deals.deal_id,
        transfers.from_employee_id as employee_id
    from deals
    inner join {{ ref('fct_transfers') }} as transfers on deals.deal_id = transfers.deal_id
),

deal_days as (
    select distinct
        deal_id,
        counted_on
    from {{ ref('int_unread_deal_days') }}
),

-- a visit counts in its own month, and of a lead in quarantine in those of its visits
visits as (
    select
        validity.owner_employee_id as employee_id,
        months.period
    from {{ ref('stg_open_quarantine') }} as rows_unread
    inner join {{ ref('int_unread_customers') }} as customers on rows_unread.unread_id = customers.unread_id
    inner join {{ ref('fct_lead_validity') }} as validity on customers.customer_key = validity.customer_key
    inner join {{ ref('int_months') }} as months
        on coalesce(rows_unread.counted_on between months.starts_on and months.ends_on, true)
    where rows_unread.source_table = 'journey_events' and coalesce(rows_unread.stage = 'visited', true)
    union
    select
        people.employee_id,
        {{ period_of('events.occurred_date') }} as period
    from {{ ref('stg_open_quarantine') }} as rows_unread
    inner join {{ ref('int_unread_people') }} as people on rows_unread.unread_id = people.unread_id
    inner join {{ ref('stg_journey_events') }} as events on rows_unread.lead_id = events.lead_id
    where rows_unread.source_table = 'leads' and events.stage = 'visited'
    union
    select
        people.employee_id,
        {{ period_of('events.occurred_date') }} as period
    from {{ ref('stg_open_quarantine') }} as rows_unread
    inner join {{ ref('int_unread_people') }} as people on rows_unread.unread_id = people.unread_id
    inner join {{ ref('int_unread_customers') }} as customers on rows_unread.unread_id = customers.unread_id
    inner join {{ ref('stg_journey_events') }} as events
        on events.lead_id is null and coalesce(rows_unread.happened_at <= events.occurred_at, true)
    left join {{ ref('int_customer_keys') }} as keys on events.customer_id = keys.customer_id
    where rows_unread.source_table = 'leads'
        and events.stage = 'visited'
        and coalesce(keys.customer_key, events.customer_id) = customers.customer_key
),

-- a deal or lead says something of the validity of later leads only, and a deal of the conversion of earlier ones
customer_leads as (
    select
        validity.owner_employee_id as employee_id,
        {{ period_of(business_date('validity.became_valid_at')) }} as valid_period,
        {{ period_of('visits.visited_date') }} as visit_period,
        {{ period_of(business_date('rows_unread.happened_at')) }} as unread_period,
        rows_unread.source_table,
        rows_unread.source_table in ('customers', 'journey_events')
        or customers.is_joining
        or rows_unread.happened_at is null
        or validity.created_at >= rows_unread.happened_at as is_validity_open
    from {{ ref('stg_open_quarantine') }} as rows_unread
    inner join {{ ref('int_unread_customers') }} as customers on rows_unread.unread_id = customers.unread_id
    inner join {{ ref('fct_lead_validity') }} as validity on customers.customer_key = validity.customer_key
    left join {{ ref('int_first_visits') }} as visits on validity.lead_id = visits.lead_id
    where rows_unread.source_table in ('deals', 'customers', 'leads', 'journey_events')
),

-- the months of a quarter are looked at together, so that a deal of its later month counts from there on
leads as (
    select
        leads.employee_id,
        case when leads.is_validity_open then leads.valid_period end as valid_period,
        case
            when leads.is_validity_open then leads.visit_period
            when leads.source_table != 'deals' then null
            when leads.unread_period <= leads.visit_period then leads.visit_period
            when signed.quarter = visited.quarter then leads.unread_period
        end as visit_period
    from customer_leads as leads
    left join {{ ref('int_months') }} as visited on leads.visit_period = visited.period
    left join {{ ref('int_months') }} as signed on leads.unread_period = signed.period
),

roles as (
    select
        roles.employee_id,
        periods.period
    from {{ ref('int_unread_roles') }} as roles
    inner join {{ ref('int_periods') }} as periods
        on roles.valid_from < periods.next_starts_on and roles.valid_to >= periods.starts_on
),

found as (
    select employee_id, period, 'month' as kind, '' as kpi_id from named
    union
    select employee_id, period, 'points' as kind, '' as kpi_id from named where source_table = 'leads'
    union
    select employee_id, period, 'sales' as kind, '' as kpi_id from named where source_table = 'deals'
    union
    select employee_id, period, 'contacts' as kind, '' as kpi_id from named where source_table = 'activities'
    union
    select employee_id, period, 'quota' as kind, kpi_id from named where source_table = 'targets'
    union
    select
        parties.employee_id,
        {{ period_of('deal_days.counted_on') }} as period,
        'month' as kind,
        '' as kpi_id
    from parties
    inner join deal_days on parties.deal_id = deal_days.deal_id
    union
    select employee_id, valid_period as period, 'points' as kind, '' as kpi_id from leads
    union
    select employee_id, valid_period as period, 'month' as kind, '' as kpi_id from leads
    union
    select employee_id, visit_period as period, 'month' as kind, '' as kpi_id from leads
    union
    select employee_id, period, 'month' as kind, '' as kpi_id from visits
    union
    select employee_id, period, 'month' as kind, '' as kpi_id from roles
    union
    select employee_id, period, 'points' as kind, '' as kpi_id from roles
    union
    select employee_id, period, 'contacts' as kind, '' as kpi_id from roles
),

final as (
    select
        employee_id,
        period,
        kind,
        kpi_id
    from found
    where employee_id is not null and period is not null
)

select * from final
