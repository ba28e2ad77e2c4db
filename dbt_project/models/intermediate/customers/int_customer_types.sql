-- One row per customer: its type, the first given by its customer records, else by its leads; '' when nobody says.
with keys as (
    select * from {{ ref('int_customer_keys') }}
),

typed as (
    select
        coalesce(keys.customer_key, customers.customer_id) as customer_key,
        customers.customer_type,
        1 as preference,
        customers.customer_id as record_id
    from {{ ref('stg_customers') }} as customers
    left join keys on customers.customer_id = keys.customer_id
    where coalesce(trim(customers.customer_type), '') != ''
    union all
    select
        coalesce(keys.customer_key, {{ own_key_of_lead('leads') }}) as customer_key,
        leads.customer_type,
        2 as preference,
        leads.lead_id as record_id
    from {{ ref('stg_leads') }} as leads
    left join keys on {{ own_key_of_lead('leads') }} = keys.customer_id
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
