-- A recoverable draw is never taken back beyond what was advanced, at no time; a guarantee is never taken back; and no
-- month advances more than the draw.
with lines as (
    select
        lines.line_id,
        lines.employee_id,
        lines.period,
        lines.amount,
        draws.amount as draw_amount,
        draws.is_recoverable,
        sum(lines.amount) over (
            partition by lines.employee_id, lines.plan_hash, lines.component_id
            order by lines.period asc rows between unbounded preceding and current row
        ) as balance
    from {{ ref('int_payout_lines') }} as lines
    inner join {{ source('plans', 'draws') }} as draws
        on lines.plan_hash = draws.plan_hash and lines.component_id = draws.component_id
    where lines.component = 'draw'
)

select *
from lines
where balance < 0
    or amount > draw_amount
    or (amount < 0 and not is_recoverable)
