-- One row per employee, month and sales attainment: the target of the month itself; one given for the KPI goes before one
-- given for the measure, and quarters and years are not split. It is for the whole month and counts for the days in role:
-- of the plan whose scorecard settles the month, without one of any.
with named as (
    select
        employee_id,
        period,
        target,
        case when kpi_id in ('sales_amount_attainment', 'sales_amount') then 'sales_amount_attainment' else 'sales_volume_attainment' end as kpi_id,
        case when kpi_id in ('sales_amount_attainment', 'sales_volume_attainment') then 1 else 2 end as choice
    from {{ ref('stg_targets') }}
    where kpi_id in ('sales_amount_attainment', 'sales_amount', 'sales_volume_attainment', 'units')
),

ranked as (
    select
        named.*,
        row_number() over (partition by employee_id, period, kpi_id order by choice asc) as choice_no
    from named
),

chosen as (
    select * from ranked where choice_no = 1
),

roles as (
    select
        assigned.employee_id,
        assigned.period,
        max(cards.plan_hash) as plan_hash,
        max(assigned.days_in_period) as days_in_period,
        sum(case
            when cards.plan_hash is null then assigned.days_in_role
            when components.plan_hash is null then 0
            else {{ days_between(
                'greatest(assigned.in_role_from, components.valid_from)',
                'least(' ~ add_days('assigned.in_role_from', 'assigned.days_in_role') ~ ', components.valid_to)'
            ) }}
        end) as days_in_role
    from {{ ref('int_employee_periods') }} as assigned
    left join {{ ref('int_kpi_months') }} as cards
        on assigned.employee_id = cards.employee_id and assigned.period = cards.period
    left join {{ ref('int_components') }} as components
        on cards.plan_hash = components.plan_hash
        and cards.component_id = components.component_id
        and assigned.department = components.department
        and (components.position = '' or assigned.position = components.position)
        and assigned.in_role_from < components.valid_to
        and {{ add_days('assigned.in_role_from', 'assigned.days_in_role') }} > components.valid_from
    where assigned.employee_id in (select chosen.employee_id from chosen)
    group by assigned.employee_id, assigned.period
),

final as (
    select
        chosen.employee_id,
        chosen.period,
        chosen.kpi_id,
        chosen.target,
        case when coalesce(plans.prorate_targets, true) then coalesce(roles.days_in_role, 0) else 1 end as days_in_role,
        case
            when coalesce(plans.prorate_targets, true) then coalesce(roles.days_in_period, 1) else 1
        end as days_in_period
    from chosen
    left join roles on chosen.employee_id = roles.employee_id and chosen.period = roles.period
    left join {{ source('plans', 'plans') }} as plans on roles.plan_hash = plans.plan_hash
)

select * from final
