-- One row per employee and month: of the valid leads first visited in the month, those whose customer signed by its end.
{% macro register_kpi_lead_conversion() %}{% endmacro %}

with leads as (
    select
        lead_id,
        employee_id,
        period,
        customer_key,
        created_at
    from {{ ref('int_visited_leads') }}
),

signed as (
    select distinct leads.lead_id
    from leads
    inner join {{ ref('int_periods') }} as periods on leads.period = periods.period
    inner join {{ ref('int_deals') }} as deals
        on leads.customer_key = deals.customer_key
        and deals.signed_at >= leads.created_at
        and deals.signed_date <= periods.ends_on
    inner join {{ ref('stg_calculation') }} as calculation on deals.signed_at <= calculation.as_of
    where deals.is_creditable
),

facts as (
    select
        coalesce(leads.employee_id, 'UNRESOLVED') as employee_id,
        leads.period,
        count(signed.lead_id) as numerator,
        count(*) as denominator
    from leads
    left join signed on leads.lead_id = signed.lead_id
    group by coalesce(leads.employee_id, 'UNRESOLVED'), leads.period
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
