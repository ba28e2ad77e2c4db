-- One row per customer record, lead, and deal of an unknown customer: the customer it belongs to.
select
    identifiers.source,
    identifiers.record_id,
    coalesce(keys.customer_key, identifiers.own_key) as customer_key
from {{ ref('int_customer_identifiers') }} as identifiers
left join {{ ref('int_customer_keys') }} as keys on identifiers.own_key = keys.customer_id
