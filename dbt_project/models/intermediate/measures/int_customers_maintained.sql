-- One row per owner, team and month: customers on record that he owned at its end (or at the as-of time) and worked with
-- in it.
with months as (
    select * from {{ ref('int_periods') }}
),

active as (
    select distinct
        activities.customer_key,
        activities.employee_id,
        months.period,
        months.starts_on,
        months.ends_on
    from {{ ref('int_activities') }} as activities
    inner join months on cast(date_trunc('month', activities.started_date) as date) = months.starts_on
),

final as (
    select
        active.employee_id,
        active.period,
        assignments.team_id,
        count(*) as customers
    from active
    inner join {{ ref('int_customers_owned') }} as owned
        on active.customer_key = owned.customer_key
        and active.employee_id = owned.employee_id
        and active.starts_on >= owned.from_month
        and active.starts_on < owned.to_month
    left join {{ ref('int_assignments') }} as assignments
        on active.employee_id = assignments.employee_id
        and active.ends_on >= assignments.valid_from
        and active.ends_on < assignments.role_valid_to
    group by active.employee_id, active.period, assignments.team_id
)

select * from final
