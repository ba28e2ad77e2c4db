-- One row per owner, stretch of months (half-open, first days of months) and set of fields that are filled in at least
-- one record of the customer, as known then: how many of the owner's customers were so.
with owned as (
    select * from {{ ref('int_customers_owned') }}
),

versions as (
    select
        versions.*,
        cast(date_trunc('month', greatest(known_from, recorded_on)) as date) as known_from_month,
        cast(date_trunc('month', known_to) as date) as known_to_month,
        count(*) over (partition by customer_key) as version_count
    from {{ ref('int_archive_versions') }} as versions
),

-- a customer with one version of one record is the same in all months
single as (
    select
        owned.employee_id,
        greatest(owned.from_month, versions.known_from_month) as from_month,
        least(owned.to_month, versions.known_to_month) as to_month,
        {{ is_filled('versions.name') }} as has_name,
        {{ is_filled('versions.customer_type') }} as has_customer_type,
        {{ is_filled('versions.unified_credit_code') }} as has_unified_credit_code,
        {{ is_filled('versions.phone') }} as has_phone,
        {{ is_filled('versions.contact_name') }} as has_contact_name,
        {{ is_filled('versions.email') }} as has_email,
        {{ is_filled('versions.preference') }} as has_preference
    from owned
    inner join versions on owned.customer_key = versions.customer_key and versions.version_count = 1
),

several as (
    select
        owned.employee_id,
        periods.starts_on as from_month,
        periods.next_starts_on as to_month,
        max({{ is_filled('versions.name') }}) as has_name,
        max({{ is_filled('versions.customer_type') }}) as has_customer_type,
        max({{ is_filled('versions.unified_credit_code') }}) as has_unified_credit_code,
        max({{ is_filled('versions.phone') }}) as has_phone,
        max({{ is_filled('versions.contact_name') }}) as has_contact_name,
        max({{ is_filled('versions.email') }}) as has_email,
        max({{ is_filled('versions.preference') }}) as has_preference
    from owned
    inner join versions on owned.customer_key = versions.customer_key and versions.version_count > 1
    inner join {{ ref('int_periods') }} as periods
        on owned.from_month <= periods.starts_on
        and owned.to_month > periods.starts_on
        and versions.known_from_month <= periods.starts_on
        and versions.known_to_month > periods.starts_on
    group by owned.customer_key, owned.employee_id, periods.starts_on, periods.next_starts_on
),

both_kinds as (
    select * from single where from_month < to_month
    union all
    select * from several
),

final as (
    select
        employee_id,
        from_month,
        to_month,
        has_name,
        has_customer_type,
        has_unified_credit_code,
        has_phone,
        has_contact_name,
        has_email,
        has_preference,
        count(*) as customers
    from both_kinds
    group by
        employee_id,
        from_month,
        to_month,
        has_name,
        has_customer_type,
        has_unified_credit_code,
        has_phone,
        has_contact_name,
        has_email,
        has_preference
)

select * from final
