-- One row per employee and month with a day employed: everybody who has KPIs. With the scorecard that settles targets and
-- options: the one that covers the employee's last role of the month on its last day there.
with roles as (
    select
        employee_id,
        period,
        department,
        position,
        {{ add_days('in_role_from', 'days_in_role - 1') }} as last_day,
        row_number() over (partition by employee_id, period order by in_role_from desc) as latest_no
    from {{ ref('int_employee_periods') }}
),

cards as (
    select * from {{ ref('int_components') }} where component_type = 'scorecard'
),

matched as (
    select
        roles.employee_id,
        roles.period,
        cards.plan_id,
        cards.plan_hash,
        cards.component_id,
        row_number() over (
            partition by roles.employee_id, roles.period
            order by cards.plan_id asc nulls last, cards.component_id asc nulls last
        ) as card_no
    from roles
    left join cards
        on roles.department = cards.department
        and (cards.position = '' or roles.position = cards.position)
        and roles.last_day >= cards.valid_from
        and roles.last_day < cards.valid_to
    where roles.latest_no = 1
),

final as (
    select
        employee_id,
        period,
        plan_id,
        plan_hash,
        component_id
    from matched
    where card_no = 1
)

select * from final
