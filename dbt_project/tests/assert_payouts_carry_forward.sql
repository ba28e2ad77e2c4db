-- What is carried out of a month is carried into the next one, per employee and currency; nothing appears or is lost on
-- the way.
with payouts as (
    select
        payouts.employee_id,
        payouts.currency,
        payouts.period,
        payouts.carried_in,
        payouts.carried_out,
        {{ period_of('months.next_starts_on') }} as next_period
    from {{ ref('fct_payouts') }} as payouts
    inner join {{ ref('int_months') }} as months on payouts.period = months.period
),

last_periods as (
    select max(period) as last_period from {{ ref('int_periods') }}
)

select
    coalesce(later.employee_id, earlier.employee_id) as employee_id,
    coalesce(later.currency, earlier.currency) as currency,
    coalesce(later.period, earlier.next_period) as period,
    earlier.carried_out,
    later.carried_in
from payouts as later
full outer join payouts as earlier
    on later.employee_id = earlier.employee_id
    and later.currency = earlier.currency
    and later.period = earlier.next_period
cross join last_periods
where coalesce(earlier.carried_out, 0) != coalesce(later.carried_in, 0)
    and coalesce(later.period, earlier.next_period) <= last_periods.last_period
