-- One row per calendar month from 1990 to two years after the as-of date: the calendar itself.
with bounds as (
    select
        date '1990-01-01' as first_date,
        {{ add_months('as_of_date', 24) }} as last_date
    from {{ ref('stg_calculation') }}
),

months as (
    {{ month_spine('bounds', 'bounds.first_date', 'bounds.last_date') }}
),

final as (
    select
        {{ period_of('starts_on') }} as period,
        starts_on,
        {{ add_days(add_months('starts_on', 1), -1) }} as ends_on,
        {{ add_months('starts_on', 1) }} as next_starts_on,
        {{ quarter_of('starts_on') }} as quarter,
        cast(extract(year from starts_on) as {{ dbt.type_string() }}) as year,
        {{ days_between('starts_on', add_months('starts_on', 1)) }} as days
    from months
)

select * from final
