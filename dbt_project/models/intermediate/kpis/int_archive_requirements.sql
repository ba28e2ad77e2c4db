-- One row per scorecard: the fields a complete archive needs. The row without a plan holds for everybody else.
with asked as (
    select
        plan_hash,
        component_id,
        field
    from {{ source('plans', 'archive_fields') }}
    where plan_id != ''
    union all
    select
        '' as plan_hash,
        '' as component_id,
        defaults.field
    from ({{ default_archive_fields() }}) as defaults
),

final as (
    select
        plan_hash,
        component_id,
        {{ is_needed('field', 'name') }} as needs_name,
        {{ is_needed('field', 'customer_type') }} as needs_customer_type,
        {{ is_needed('field', 'unified_credit_code') }} as needs_unified_credit_code,
        {{ is_needed('field', 'phone') }} as needs_phone,
        {{ is_needed('field', 'contact_name') }} as needs_contact_name,
        {{ is_needed('field', 'email') }} as needs_email,
        {{ is_needed('field', 'preference') }} as needs_preference
    from asked
    group by plan_hash, component_id
)

select * from final
