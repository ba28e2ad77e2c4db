-- One row per calendar month that is computed, from the month of the first fact to the month of the as-of date, and the
-- month in which true-ups are posted.
with periods as (
    select period from {{ ref('int_periods') }}
    union
    select period from {{ ref('int_true_ups') }}
),

final as (
    select
        months.period,
        months.starts_on,
        months.ends_on,
        months.quarter,
        months.year,
        coalesce(months.period <= closing.closed_through, false) as is_closed
    from {{ ref('int_months') }} as months
    inner join periods on months.period = periods.period
    cross join {{ ref('int_closing') }} as closing
)

select * from final
