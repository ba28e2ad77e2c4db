-- One row per employee and month: of the customers owned at its end, those with a record updated in the month.
with owned as (
    select * from {{ ref('int_customers_owned') }}
),

-- once per customer and month, however many of its records were updated
updated as (
    select distinct
        owned.customer_key,
        owned.employee_id,
        cast(date_trunc('month', versions.updated_date) as date) as from_month
    from {{ ref('int_archive_versions') }} as versions
    inner join owned
        on versions.customer_key = owned.customer_key
        and versions.updated_date >= owned.from_month
        and versions.updated_date < owned.to_month
),

updates as (
    select
        updated.employee_id,
        periods.period,
        count(*) as total
    from updated
    inner join {{ ref('int_periods') }} as periods on updated.from_month = periods.starts_on
    group by updated.employee_id, periods.period
),

counted as (
    {{ spread_over_months('owned') }}
),

facts as (
    select
        counted.employee_id,
        counted.period,
        coalesce(updates.total, 0) as numerator,
        counted.total as denominator
    from counted
    left join updates on counted.employee_id = updates.employee_id and counted.period = updates.period
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
