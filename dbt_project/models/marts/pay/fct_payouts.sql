-- One row per employee, month and currency: what the lines add up to, and what a negative balance carries forward.
with lines as (
    select
        employee_id,
        period,
        currency,
        sum(case when component not in ('adjustment', 'true_up') and status != 'forfeited' then amount else 0 end) as gross,
        sum(case when status = 'held' then amount else 0 end) as held,
        sum(case when component = 'adjustment' then amount else 0 end) as adjustments,
        sum(case when component = 'true_up' then amount else 0 end) as true_ups
    from {{ ref('fct_payout_lines') }}
    group by employee_id, period, currency
),

-- a difference from a closed month may be posted in a month that no fact has reached yet
pay_months as (
    select period from {{ ref('int_periods') }}
    union
    select period from lines
),

spans as (
    select
        lines.employee_id,
        lines.currency,
        min(lines.period) as first_period
    from lines
    group by lines.employee_id, lines.currency
),

months as (
    select
        spans.employee_id,
        spans.currency,
        periods.period
    from spans
    inner join pay_months as periods on spans.first_period <= periods.period
),

movements as (
    select
        months.employee_id,
        months.period,
        months.currency,
        lines.period is not null as has_lines,
        coalesce(lines.gross, 0) as gross,
        coalesce(lines.held, 0) as held,
        coalesce(lines.adjustments, 0) as adjustments,
        coalesce(lines.true_ups, 0) as true_ups,
        coalesce(lines.gross, 0) - coalesce(lines.held, 0) + coalesce(lines.adjustments, 0) + coalesce(lines.true_ups, 0) as own
    from months
    left join lines
        on months.employee_id = lines.employee_id
        and months.period = lines.period
        and months.currency = lines.currency
),

walked as (
    select
        movements.*,
        sum(own) over (
            partition by employee_id, currency order by period asc rows between unbounded preceding and current row
        ) as running
    from movements
),

-- the balance carried is a walk reflected at zero: a positive net is paid out, a negative one stays
reflected as (
    select
        walked.*,
        running - greatest(max(running) over (
            partition by employee_id, currency order by period asc rows between unbounded preceding and current row
        ), 0) as balance
    from walked
),

carried as (
    select
        reflected.*,
        coalesce(lag(balance) over (partition by employee_id, currency order by period asc), 0) as carried_in
    from reflected
),

final as (
    select
        employee_id,
        period,
        currency,
        cast(gross as decimal(18, 2)) as gross,
        cast(held as decimal(18, 2)) as held,
        cast(adjustments as decimal(18, 2)) as adjustments,
        cast(true_ups as decimal(18, 2)) as true_ups,
        cast(carried_in as decimal(18, 2)) as carried_in,
        cast(carried_in + own as decimal(18, 2)) as net,
        cast(balance as decimal(18, 2)) as carried_out,
        cast(greatest(carried_in + own, 0) as decimal(18, 2)) as payable
    from carried
    where has_lines or carried_in != 0
)

select * from final
