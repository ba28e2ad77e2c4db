-- One row per payout line and other line it was computed from: caps, floors and draws from the lines they limit, growth
-- from the commission it is a share of, a settlement from the line it settles (rulebook 4.3, 7).
with lines as (
    select * from {{ ref('line_subjects') }}
),

payable as (
    select *
    from {{ ref('calculated_lines') }}
    where status in ('earned', 'released')
),

settlements as (
    select line_id, settles_line_id as linked_line_id
    from lines
    where settles_line_id is not null
),

commission as (
    select
        lines.line_id,
        payable.line_id as linked_line_id
    from lines
    inner join {{ source('plans', 'growth_rules') }} as rules
        on lines.plan_hash = rules.plan_hash
        and lines.component_id = rules.component_id
        and rules.basis = 'earned_commission'
    inner join payable
        on lines.employee_id = payable.employee_id
        and lines.plan_id = payable.plan_id
        and lines.period = payable.period
    where lines.component in ('growth_bonus', 'team_growth')
        and payable.component in ('origination', 'closing', 'collaboration')
),

-- of a floor the month alone counts; what is carried or recovered has a history
component_caps as (
    select
        lines.line_id,
        payable.line_id as linked_line_id
    from lines
    inner join {{ source('plans', 'commission_caps') }} as caps
        on lines.plan_hash = caps.plan_hash and lines.component_id = caps.component_id
    inner join payable
        on lines.employee_id = payable.employee_id
        and lines.plan_hash = payable.plan_hash
        and lines.component_id = payable.component_id
        and payable.period <= lines.period
    where lines.component = 'cap'
        and (payable.component != 'cap' or (payable.reason = 'floor' and lines.reason != 'floor'))
        and (
            (lines.reason = 'floor' and payable.period = lines.period and payable.origin_period = lines.period)
            or (lines.reason != 'floor' and (caps.cap_excess = 'carry' or payable.origin_period = lines.origin_period))
        )
),

plan_caps as (
    select
        lines.line_id,
        payable.line_id as linked_line_id
    from lines
    inner join {{ source('plans', 'plan_caps') }} as caps
        on lines.plan_hash = caps.plan_hash and lines.component_id = caps.component_id
    inner join payable
        on lines.employee_id = payable.employee_id
        and lines.plan_hash = payable.plan_hash
        and payable.period <= lines.period
        and (caps.excess = 'carry' or payable.origin_period = lines.origin_period)
    where lines.component = 'cap'
        and payable.component != 'draw'
        and (payable.component != 'cap' or payable.component_id != lines.component_id)
),

draws as (
    select
        lines.line_id,
        payable.line_id as linked_line_id
    from lines
    inner join {{ source('plans', 'draws') }} as draws
        on lines.plan_hash = draws.plan_hash and lines.component_id = draws.component_id
    inner join payable
        on lines.employee_id = payable.employee_id
        and lines.plan_hash = payable.plan_hash
        and (payable.period = lines.period or (draws.is_recoverable and payable.period < lines.period))
    where lines.component = 'draw' and payable.component != 'draw'
)

select * from settlements
union all
select * from commission
union all
select * from component_caps
union all
select * from plan_caps
union all
select * from draws
