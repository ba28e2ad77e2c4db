-- One row per customer on record, month and owner at its end (or at the as-of time) who had an activity with it in it.
with active as (
    select distinct
        customer_key,
        employee_id,
        cast(date_trunc('month', started_date) as date) as starts_on
    from {{ ref('int_activities') }}
),

final as (
    select
        active.customer_key,
        active.employee_id,
        periods.period,
        assignments.team_id
    from active
    inner join {{ ref('int_periods') }} as periods on active.starts_on = periods.starts_on
    inner join {{ ref('int_customers_owned') }} as owned
        on active.customer_key = owned.customer_key
        and active.employee_id = owned.employee_id
        and active.starts_on >= owned.from_month
        and active.starts_on < owned.to_month
    left join {{ ref('int_assignments') }} as assignments
        on active.employee_id = assignments.employee_id
        and periods.ends_on >= assignments.valid_from
        and periods.ends_on < assignments.role_valid_to
)

select * from final
