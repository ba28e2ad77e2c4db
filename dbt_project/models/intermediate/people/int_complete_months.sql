-- One row per employee and computed month of which every day was employed; history and baselines need whole months.
select
    employee_id,
    period,
    max(starts_on) as starts_on
from {{ ref('int_employee_periods') }}
group by employee_id, period
having sum(days_in_role) = max(days_in_period)
