{{ config(meta=recomputed(
    by=['period'],
    others={
        'int_activities': {
            'groups': "select strftime(started_date, '%Y-%m') from {changes}",
            'where': '
                started_date >= (select min(months.starts_on) from {int_periods} as months inner join {scope} as dirty on months.period = dirty.period)
            '
        },
        'int_customers_owned': {
            'groups': "
                select strftime(starts_on, '%Y-%m')
                from (select activities.customer_key, activities.employee_id, activities.starts_on, count(distinct changed.from_month || '|' || changed.to_month) as versions
                from {changes} as changed
                inner join (select customer_key, employee_id, date_trunc('month', started_date) as starts_on
                from {int_activities}
                where customer_key in (select customer_key from {changes})) as activities on changed.customer_key = activities.customer_key and changed.employee_id = activities.employee_id and activities.starts_on >= changed.from_month and activities.starts_on < changed.to_month
                group by all)
                where versions % 2 = 1
            "
        }
    }
)) }}
-- One row per owner, team and month: customers on record that he owned at its end (or at the as-of time) and worked with
-- in it.
with months as (
    select * from {{ ref('int_periods') }}
    where {{ only_dirty('period') }}
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
