-- One row per valid lead that earns points (rulebook 4.5).
with leads as (
    select
        lead_id,
        owner_employee_id as employee_id,
        {{ business_date('became_valid_at') }} as valid_date,
        lead_type
    from {{ ref('int_origination_leads') }}
    where is_valid
),

components as (
    select * from {{ ref('int_components') }}
    where component_type = 'points'
),

resolved as (
    select
        leads.*,
        components.plan_id,
        components.plan_hash,
        components.component_id,
        components.currency,
        assignments.termination_date,
        1 as plan_no
    from leads
    inner join {{ ref('int_assignments') }} as assignments
        on leads.employee_id = assignments.employee_id
        and leads.valid_date >= assignments.valid_from
        and leads.valid_date < assignments.role_valid_to
    inner join components
        on assignments.department = components.department
        and (components.position = '' or components.position = assignments.position)
        and leads.valid_date >= components.valid_from
        and leads.valid_date < components.valid_to
),

unresolved as (
    select
        leads.*,
        components.plan_id,
        components.plan_hash,
        components.component_id,
        components.currency,
        cast(null as date) as termination_date,
        row_number() over (partition by leads.lead_id order by components.plan_id asc, components.component_id asc) as plan_no
    from leads
    inner join components on leads.valid_date >= components.valid_from and leads.valid_date < components.valid_to
    where leads.employee_id = 'UNRESOLVED'
),

planned as (
    select * from resolved
    union all
    select * from unresolved where plan_no = 1
),

final as (
    select
        planned.lead_id,
        planned.employee_id,
        {{ period_of('planned.valid_date') }} as period,
        coalesce(by_type.points, rules.base_points) as points,
        rules.point_value,
        {{ exact_mul('rules.point_value', 'coalesce(by_type.points, rules.base_points)') }} as amount,
        planned.currency,
        planned.plan_id,
        planned.component_id,
        planned.plan_hash
    from planned
    inner join {{ source('plans', 'points_rules') }} as rules
        on planned.plan_hash = rules.plan_hash and planned.component_id = rules.component_id
    left join {{ source('plans', 'points_by_type') }} as by_type
        on planned.plan_hash = by_type.plan_hash
        and planned.component_id = by_type.component_id
        and planned.lead_type = by_type.lead_type
    -- only computed months are published: a lead that became valid after the as-of month has no line yet
    inner join {{ ref('int_periods') }} as months on {{ period_of('planned.valid_date') }} = months.period
)

select * from final
