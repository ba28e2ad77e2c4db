-- One row per customer id that a customer record has or that a lead names without one: the customer it belongs to. An id
-- named by anything else only is a customer of its own.
with resolved as (
    select
        source,
        record_id,
        customer_key
    from {{ ref('int_customers_resolved') }}
),

known as (
    select
        record_id as customer_id,
        customer_key
    from resolved
    where source = 'customers'
),

named_by_leads as (
    select
        leads.customer_id,
        min(resolved.customer_key) as customer_key
    from {{ ref('stg_leads') }} as leads
    inner join resolved on leads.lead_id = resolved.record_id and resolved.source = 'leads'
    left join known on leads.customer_id = known.customer_id
    where leads.customer_id is not null and known.customer_id is null
    group by leads.customer_id
),

final as (
    select * from known
    union all
    select * from named_by_leads
)

select * from final
