-- One row per customer and month at whose end it was owned: which fields of its archive were filled in at least one of
-- its records, as known then.
with owned as (
    select * from {{ ref('int_customers_owned') }}
),

final as (
    select
        owned.customer_key,
        owned.period,
        owned.employee_id,
        {{ is_filled('versions.name') }} as has_name,
        {{ is_filled('versions.customer_type') }} as has_customer_type,
        {{ is_filled('versions.unified_credit_code') }} as has_unified_credit_code,
        {{ is_filled('versions.phone') }} as has_phone,
        {{ is_filled('versions.contact_name') }} as has_contact_name,
        {{ is_filled('versions.email') }} as has_email,
        {{ is_filled('versions.preference') }} as has_preference
    from owned
    inner join {{ ref('int_archive_versions') }} as versions
        on owned.customer_key = versions.customer_key
        and owned.ends_on >= versions.recorded_on
        and owned.ends_on >= versions.known_from
        and owned.ends_on < versions.known_to
    group by owned.customer_key, owned.period, owned.employee_id
)

select * from final
