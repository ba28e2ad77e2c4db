-- One row per activity with the customer it was with.
select
    coalesce(keys.customer_key, activities.customer_id) as customer_key,
    activities.employee_id,
    activities.kind,
    activities.started_at,
    activities.started_date,
    activities.minutes,
    activities.deal_id
from {{ ref('stg_activities') }} as activities
left join {{ ref('int_customer_keys') }} as keys on activities.customer_id = keys.customer_id
