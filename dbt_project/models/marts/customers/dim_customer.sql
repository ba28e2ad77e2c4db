-- One row per customer, however many records it is known under.
with counted as (
    select
        customer_key,
        {{ string_agg_ordered("case when source != 'deals' then source || ':' || record_id end", ';') }} as source_records,
        sum(case when source != 'deals' then 1 else 0 end) as record_count
    from {{ ref('int_customers_resolved') }}
    group by customer_key
),

-- the key is the smallest customer_id of its records: the record that describes the customer
described as (
    select
        counted.customer_key,
        coalesce(counted.source_records, '') as source_records,
        cast(counted.record_count as bigint) as record_count,
        customers.name,
        customers.customer_type
    from counted
    left join {{ ref('stg_customers') }} as customers on counted.customer_key = customers.customer_id
),

leads as (
    select
        coalesce(keys.customer_key, {{ own_key_of_lead('leads') }}) as customer_key,
        leads.lead_id,
        leads.created_at,
        leads.company_name,
        leads.customer_type
    from {{ ref('stg_leads') }} as leads
    left join {{ ref('int_customer_keys') }} as keys on {{ own_key_of_lead('leads') }} = keys.customer_id
),

lead_names as (
    select
        described.customer_key,
        leads.company_name,
        leads.customer_type,
        row_number() over (
            partition by described.customer_key order by leads.created_at asc, leads.lead_id asc
        ) as record_no
    from described
    inner join leads on described.customer_key = leads.customer_key
    where described.name is null or described.customer_type is null
),

final as (
    select
        described.customer_key,
        coalesce(described.name, lead_names.company_name) as name,
        coalesce(described.customer_type, lead_names.customer_type) as customer_type,
        described.source_records,
        described.record_count
    from described
    left join lead_names on described.customer_key = lead_names.customer_key and lead_names.record_no = 1
)

select * from final
