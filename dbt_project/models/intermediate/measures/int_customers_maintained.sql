-- One row per customer on record, month and owner at its end (or at the as-of time) who had an activity with it in it.
with month_ends as (
    select
        periods.period,
        periods.starts_on,
        periods.ends_on,
        least({{ day_start_utc('periods.next_starts_on') }}, calculation.as_of) as moment,
        {{ day_start_utc('periods.next_starts_on') }} > calculation.as_of as is_cut
    from {{ ref('int_periods') }} as periods
    cross join {{ ref('stg_calculation') }} as calculation
),

active as (
    select distinct
        customer_key,
        employee_id,
        cast(date_trunc('month', started_date) as date) as starts_on
    from {{ ref('int_activities') }}
),

recorded as (
    select
        keys.customer_key,
        min(customers.created_date) as recorded_on
    from {{ ref('stg_customers') }} as customers
    inner join {{ ref('int_customer_keys') }} as keys on customers.customer_id = keys.customer_id
    group by keys.customer_key
),

final as (
    select
        active.customer_key,
        active.employee_id,
        month_ends.period,
        assignments.team_id
    from active
    inner join month_ends on active.starts_on = month_ends.starts_on
    inner join recorded
        on active.customer_key = recorded.customer_key and recorded.recorded_on <= month_ends.ends_on
    inner join {{ ref('int_ownership') }} as ownership
        on active.customer_key = ownership.customer_key
        and active.employee_id = ownership.owner_employee_id
        and (ownership.valid_from < month_ends.moment or (month_ends.is_cut and ownership.valid_from = month_ends.moment))
        and ownership.valid_to >= month_ends.moment
        and (ownership.valid_to > month_ends.moment or not month_ends.is_cut)
    left join {{ ref('int_assignments') }} as assignments
        on active.employee_id = assignments.employee_id
        and month_ends.ends_on >= assignments.valid_from
        and month_ends.ends_on < assignments.role_valid_to
)

select * from final
