-- One row per customer, however many records it is known under.
with records as (
    select
        source,
        record_id,
        customer_key
    from {{ ref('int_customers_resolved') }}
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

described as (
    select
        records.customer_key,
        customers.name,
        customers.customer_type,
        row_number() over (partition by records.customer_key order by customers.customer_id asc) as record_no
    from records
    inner join {{ ref('stg_customers') }} as customers
        on records.record_id = customers.customer_id and records.source = 'customers'
),

lead_names as (
    select
        records.customer_key,
        leads.company_name,
        leads.customer_type,
        row_number() over (partition by records.customer_key order by leads.created_at asc, leads.lead_id asc) as record_no
    from records
    inner join {{ ref('stg_leads') }} as leads on records.record_id = leads.lead_id and records.source = 'leads'
),

keys as (
    select distinct customer_key from records
),

final as (
    select
        keys.customer_key,
        coalesce(described.name, lead_names.company_name) as name,
        coalesce(described.customer_type, lead_names.customer_type) as customer_type,
        coalesce(counted.source_records, '') as source_records,
        coalesce(counted.record_count, 0) as record_count
    from keys
    left join counted on keys.customer_key = counted.customer_key
    left join described on keys.customer_key = described.customer_key and described.record_no = 1
    left join lead_names on keys.customer_key = lead_names.customer_key and lead_names.record_no = 1
)

select * from final
