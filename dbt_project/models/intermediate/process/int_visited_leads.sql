-- One row per valid lead that was visited: the month of its first visit, and whether its customer signed by the end of
-- that month (readings 27, 33).
with visited as (
    select
        facts.lead_id,
        facts.customer_key,
        facts.owner_employee_id as employee_id,
        facts.created_at,
        facts.visited_date,
        {{ period_of('facts.visited_date') }} as period
    from {{ ref('int_lead_facts') }} as facts
    inner join {{ ref('fct_lead_validity') }} as validity on facts.lead_id = validity.lead_id
    where validity.is_valid and facts.visited_date is not null
),

signed as (
    select distinct visited.lead_id
    from visited
    inner join {{ ref('int_months') }} as months on visited.period = months.period
    inner join {{ ref('int_deals') }} as deals
        on visited.customer_key = deals.customer_key
        and deals.is_creditable
        and deals.signed_at >= visited.created_at
        and deals.signed_date <= months.ends_on
),

final as (
    select
        visited.*,
        signed.lead_id is not null as has_signed
    from visited
    left join signed on visited.lead_id = signed.lead_id
)

select * from final
