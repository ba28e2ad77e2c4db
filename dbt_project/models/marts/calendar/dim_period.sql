-- One row per calendar month that is computed, from the month of the first fact to the month of the as-of date.
select
    period,
    starts_on,
    ends_on,
    quarter,
    year
from {{ ref('int_periods') }}
