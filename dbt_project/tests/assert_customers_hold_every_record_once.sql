-- Every customer record and every lead belongs to exactly one customer, and the customers count them all.
with records as (
    select
        'customers' as source,
        customer_id as record_id
    from {{ ref('stg_customers') }}
    union all
    select
        'leads' as source,
        lead_id as record_id
    from {{ ref('stg_leads') }}
),

resolved as (
    select
        source,
        record_id,
        min(customer_key) as customer_key,
        count(*) as row_count
    from {{ ref('int_customers_resolved') }}
    where source != 'deals'
    group by source, record_id
),

assigned as (
    select
        records.source,
        records.record_id,
        resolved.customer_key,
        resolved.row_count
    from records
    left join resolved on records.source = resolved.source and records.record_id = resolved.record_id
),

counted as (
    select
        customer_key,
        count(*) as record_count
    from assigned
    where customer_key is not null
    group by customer_key
)

select
    assigned.customer_key,
    assigned.record_id,
    assigned.row_count as found_count,
    cast(1 as bigint) as expected_count
from assigned
where coalesce(assigned.row_count, 0) != 1
union all
select
    counted.customer_key,
    cast(null as {{ dbt.type_string() }}) as record_id,
    customers.record_count as found_count,
    counted.record_count as expected_count
from counted
left join {{ ref('dim_customer') }} as customers on counted.customer_key = customers.customer_key
where coalesce(customers.record_count, 0) != counted.record_count
