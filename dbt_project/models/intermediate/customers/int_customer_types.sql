-- One row per customer: its type, the first given by its customer records, else by its leads; '' when nobody says.
with typed as (
    select
        resolved.customer_key,
        customers.customer_type,
        1 as preference,
        resolved.record_id
    from {{ ref('stg_customers') }} as customers
    inner join {{ ref('int_customers_resolved') }} as resolved
        on customers.customer_id = resolved.record_id and resolved.source = 'customers'
    where coalesce(trim(customers.customer_type), '') != ''
    union all
    select
        resolved.customer_key,
        leads.customer_type,
        2 as preference,
        resolved.record_id
    from {{ ref('stg_leads') }} as leads
    inner join {{ ref('int_customers_resolved') }} as resolved
        on leads.lead_id = resolved.record_id and resolved.source = 'leads'
    where coalesce(trim(leads.customer_type), '') != ''
),

ranked as (
    select
        customer_key,
        customer_type,
        row_number() over (partition by customer_key order by preference asc, record_id asc) as choice_no
    from typed
),

final as (
    select
        customer_key,
        trim(customer_type) as customer_type
    from ranked
    where choice_no = 1
)

select * from final
