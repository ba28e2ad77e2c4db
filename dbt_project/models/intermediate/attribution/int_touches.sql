-- One row per marketing deal, lead owner and business day: the touches that share the origination pool (rulebook 3.5).
with deals as (
    select
        sources.deal_id,
        sources.customer_key,
        sources.signed_at,
        sources.signed_date,
        sources.period,
        policies.policy_id,
        policies.valid_from as policy_from,
        policies.protection_days
    from {{ ref('fct_deal_sources') }} as sources
    inner join {{ source('plans', 'crediting_policies') }} as policies
        on sources.signed_date >= policies.valid_from and sources.signed_date < policies.valid_to
    where sources.source = 'marketing' and sources.is_creditable
),

touches as (
    select
        deals.deal_id,
        deals.customer_key,
        deals.period,
        deals.policy_id,
        deals.policy_from,
        leads.owner_employee_id as employee_id,
        leads.created_at,
        leads.lead_id,
        leads.channel,
        {{ days_between('leads.created_date', 'deals.signed_date') }} as age_days,
        row_number() over (
            partition by deals.deal_id, leads.owner_employee_id, leads.created_date
            order by leads.created_at asc, leads.lead_id asc
        ) as owner_day_no
    from deals
    inner join {{ ref('int_origination_leads') }} as leads
        on deals.customer_key = leads.customer_key
        and leads.created_at <= deals.signed_at
        and {{ days_between('leads.created_date', 'deals.signed_date') }} <= deals.protection_days
    where leads.is_touch
),

final as (
    select
        deal_id,
        customer_key,
        period,
        policy_id,
        policy_from,
        employee_id,
        lead_id,
        coalesce(nullif(trim(channel), ''), '(none)') as channel,
        created_at,
        age_days,
        row_number() over (partition by deal_id order by created_at asc, lead_id asc) as touch_no,
        row_number() over (partition by deal_id order by created_at desc, lead_id desc) as touch_no_from_last,
        count(*) over (partition by deal_id) as touch_count
    from touches
    where owner_day_no = 1
)

select * from final
