-- One row per customer, however many records it is known under.
with records as (
    select
        source,
        record_id,
        customer_key
    from {{ ref('int_customers_resolved') }}
),

keys as (
    select distinct customer_key from records
),

counted as (
    select
        customer_key,
        {{ string_agg_ordered("source || ':' || record_id", ';') }} as source_records,
        count(*) as record_count
    from records
    where source != 'deals'
    group by customer_key
),

-- the key is the smallest customer_id of its records: the record that describes the customer
described as (
    select
        keys.customer_key,
        customers.name,
        customers.customer_type
    from keys
    left join {{ ref('stg_customers') }} as customers on keys.customer_key = customers.customer_id
),

lead_names as (
    select
        described.customer_key,
        leads.company_name,
        leads.customer_type,
        row_number() over (partition by records.customer_key order by leads.created_at asc, leads.lead_id asc) as record_no
    from described
    inner join records on described.customer_key = records.customer_key and records.source = 'leads'
    inner join {{ ref('stg_leads') }} as leads on records.record_id = leads.lead_id
    where described.name is null or described.customer_type is null
),

final as (
    select
        described.customer_key,
        coalesce(described.name, lead_names.company_name) as name,
        coalesce(described.customer_type, lead_names.customer_type) as customer_type,
        coalesce(counted.source_records, '') as source_records,
        coalesce(counted.record_count, 0) as record_count
    from described
    left join counted on described.customer_key = counted.customer_key
    left join lead_names on described.customer_key = lead_names.customer_key and lead_names.record_no = 1
)

select * from final
