-- Nothing earned after the last day employed is paid, unless the plan says so or somebody decided on the line. What was
-- earned before (a released origination pool, a carried excess) is pay. Lines of a deal go by the day of the positive
-- transaction, others by their month.
-- Said, but no reason to hold back everybody's pay (reading 54).
{{ config(severity='warn') }}

with leavers as (
    select
        employee_id,
        max(termination_date) as termination_date
    from {{ ref('dim_employee') }}
    where termination_date is not null
    group by employee_id
),

decided as (
    select subject_id as line_id from {{ ref('int_resolutions') }} where subject = 'payout_line'
    union
    select md5(subject_id || '|settled') as line_id from {{ ref('int_resolutions') }} where subject = 'payout_line'
)

select
    lines.line_id,
    lines.employee_id,
    lines.period,
    lines.component,
    lines.amount,
    lines.status,
    leavers.termination_date
from {{ ref('int_payout_lines') }} as lines
inner join leavers on lines.employee_id = leavers.employee_id
inner join {{ source('plans', 'plans') }} as plans
    on lines.plan_hash = plans.plan_hash and plans.terminated_policy != 'pay'
left join decided on lines.line_id = decided.line_id
left join {{ ref('fct_credits') }} as credits
    on lines.component = credits.pool
    and lines.deal_id = credits.deal_id
    and lines.transaction_id = credits.transaction_id
    and lines.employee_id = credits.employee_id
where lines.status in ('earned', 'released', 'paid')
    and lines.amount > 0
    and lines.component not in ('cap', 'draw')
    and decided.line_id is null
    and coalesce(credits.origin_date, {{ period_start('lines.origin_period') }}) > leavers.termination_date
