-- One row per employee and month: of the customers owned at its end, those with a complete archive as known then.
with facts as (
    select
        archives.employee_id,
        periods.period,
        sum(case
            when
                archives.has_name >= needed.needs_name
                and archives.has_customer_type >= needed.needs_customer_type
                and archives.has_unified_credit_code >= needed.needs_unified_credit_code
                and archives.has_phone >= needed.needs_phone
                and archives.has_contact_name >= needed.needs_contact_name
                and archives.has_email >= needed.needs_email
                and archives.has_preference >= needed.needs_preference
                then archives.customers
            else 0
        end) as numerator,
        sum(archives.customers) as denominator
    from {{ ref('int_archives') }} as archives
    inner join {{ ref('int_periods') }} as periods
        on archives.from_month <= periods.starts_on and archives.to_month > periods.starts_on
    left join {{ ref('int_kpi_months') }} as months
        on archives.employee_id = months.employee_id and periods.period = months.period
    inner join {{ ref('int_archive_requirements') }} as needed
        on coalesce(months.plan_hash, '') = needed.plan_hash and coalesce(months.component_id, '') = needed.component_id
    group by archives.employee_id, periods.period
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
