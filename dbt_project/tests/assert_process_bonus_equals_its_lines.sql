-- What the process bonus mart says was paid, held and released is what the lines say, per employee, month and plan; and
-- no bonus is paid without a row. (An origination pool released under a later plan has no month under its own plan.)
with lines as (
    select
        employee_id,
        period,
        plan_id,
        sum(case when component = 'process_bonus' then amount else 0 end) as bonus,
        sum(case
            when component = 'origination' and status = 'held' and ';' || reason || ';' like '%;process;%' then amount
            else 0
        end) as origination_held,
        sum(case
            when component = 'origination' and status = 'released' and reason = 'process' then amount
            else 0
        end) as origination_released
    from {{ ref('int_payout_lines') }}
    where component in ('process_bonus', 'origination')
    group by employee_id, period, plan_id
)

select
    coalesce(months.employee_id, lines.employee_id) as employee_id,
    coalesce(months.period, lines.period) as period,
    coalesce(months.plan_id, lines.plan_id) as plan_id,
    months.bonus,
    lines.bonus as line_bonus,
    months.origination_held,
    lines.origination_held as line_held,
    months.origination_released,
    lines.origination_released as line_released
from {{ ref('fct_process_bonus') }} as months
full outer join lines
    on months.employee_id = lines.employee_id and months.period = lines.period and months.plan_id = lines.plan_id
where coalesce(months.bonus, 0) != coalesce(lines.bonus, 0)
    or months.origination_held != coalesce(lines.origination_held, 0)
    or months.origination_released != coalesce(lines.origination_released, 0)
