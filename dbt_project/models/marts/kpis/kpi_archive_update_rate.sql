-- One row per employee and month: of the customers owned at its end, those with a record updated in the month.
{% macro register_kpi_archive_update_rate() %}{% endmacro %}

with updated as (
    select distinct
        customer_key,
        {{ period_of('updated_date') }} as period
    from {{ ref('int_archive_versions') }}
    where updated_date is not null
),

facts as (
    select
        owned.employee_id,
        owned.period,
        count(updated.customer_key) as numerator,
        count(*) as denominator
    from {{ ref('int_customers_owned') }} as owned
    left join updated on owned.customer_key = updated.customer_key and owned.period = updated.period
    group by owned.employee_id, owned.period
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
