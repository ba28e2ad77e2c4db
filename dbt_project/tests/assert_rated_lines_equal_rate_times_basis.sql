-- What a line shows can be checked by hand: amount = basis times rate. Growth on the whole basis is exact; a task line
-- shows a rounded basis and rate, so it may differ by one fen per 10,000 of basis. A task's rate is its score.
with scores as (
    select distinct
        employee_id,
        period,
        plan_id,
        component_id,
        task_score
    from {{ ref('fct_task_results') }}
),

growth as (
    select
        lines.line_id,
        lines.basis_amount,
        lines.rate,
        lines.amount,
        cast(0 as decimal(18, 2)) as tolerance,
        lines.rate as expected_rate
    from {{ ref('int_payout_lines') }} as lines
    inner join {{ source('plans', 'growth_rules') }} as rules
        on lines.plan_hash = rules.plan_hash and lines.component_id = rules.component_id and rules.applies_on = 'whole'
    where lines.component in ('growth_bonus', 'team_growth')
),

tasks as (
    select
        lines.line_id,
        lines.basis_amount,
        lines.rate,
        lines.amount,
        cast(0.01 + abs(lines.basis_amount) * cast(0.000001 as decimal(9, 6)) as decimal(18, 2)) as tolerance,
        cast(scores.task_score * cast(0.01 as decimal(3, 2)) as decimal(18, 12)) as expected_rate
    from {{ ref('int_payout_lines') }} as lines
    left join scores
        on lines.employee_id = scores.employee_id
        and lines.origin_period = scores.period
        and lines.plan_id = scores.plan_id
        and lines.component_id = scores.component_id
    where lines.component = 'task' and lines.status = 'earned' and lines.reason is null
),

final as (
    select * from growth
    union all
    select * from tasks
)

select *
from final
where abs(amount - {{ exact_mul('basis_amount', 'rate') }}) > tolerance
    or expected_rate is null
    or rate != expected_rate
