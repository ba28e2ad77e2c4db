-- One row per customer, owner and stretch of months at whose ends he owned it (half-open, first days of months). A row
-- per month would be 24 times as many after two years; readers count stretches and spread the counts over the months.
with recorded as (
    select
        resolved.customer_key,
        min(customers.created_date) as recorded_on
    from {{ ref('stg_customers') }} as customers
    inner join {{ ref('int_customers_resolved') }} as resolved
        on customers.customer_id = resolved.record_id and resolved.source = 'customers'
    group by resolved.customer_key
),

owners as (
    select
        customer_key,
        owner_employee_id,
        {{ business_date('valid_from') }} as owned_from,
        {{ business_date('valid_to') }} as owned_to
    from {{ ref('int_ownership') }}
    where owner_employee_id is not null
),

-- owned at a month's end is owned from any day of that month on and not given away before the next one
stretches as (
    select
        owners.customer_key,
        owners.owner_employee_id as employee_id,
        cast(date_trunc('month', greatest(owners.owned_from, recorded.recorded_on)) as date) as from_month,
        cast(date_trunc('month', owners.owned_to) as date) as to_month
    from owners
    inner join recorded on owners.customer_key = recorded.customer_key
),

final as (
    select * from stretches where from_month < to_month
)

select * from final
