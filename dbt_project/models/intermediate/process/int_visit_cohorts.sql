-- One row per lead owner and month: valid leads first visited in it, and those of them whose customer signed.
select
    employee_id,
    period,
    count(*) as valid_visits,
    count(*) as visitors,
    cast(sum(case when has_signed then 1 else 0 end) as bigint) as signed_customers
from {{ ref('int_visited_leads') }}
group by employee_id, period
