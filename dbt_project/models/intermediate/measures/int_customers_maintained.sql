-- One row per owner, team and month: customers on record that he owned at its end (or at the as-of time) and worked with
-- in it.
with worked as (
    select distinct
        activities.customer_key,
        activities.employee_id,
        cast(date_trunc('month', activities.started_date) as date) as starts_on
    from {{ ref('int_activities') }} as activities
    inner join {{ ref('int_customers_owned') }} as owned
        on activities.customer_key = owned.customer_key
        and activities.employee_id = owned.employee_id
        and activities.started_date >= owned.from_month
        and activities.started_date < owned.to_month
),

counted as (
    select
        employee_id,
        starts_on,
        count(*) as customers
    from worked
    group by employee_id, starts_on
),

final as (
    select
        counted.employee_id,
        months.period,
        assignments.team_id,
        counted.customers
    from counted
    inner join {{ ref('int_periods') }} as months on counted.starts_on = months.starts_on
    left join {{ ref('int_assignments') }} as assignments
        on counted.employee_id = assignments.employee_id
        and months.ends_on >= assignments.valid_from
        and months.ends_on < assignments.role_valid_to
)

select * from final
