-- One row per draw line: a guarantee tops a month up; a recoverable draw is paid back only from earnings above it
-- (rulebook 4.3). The balance is a walk reflected at zero.
with members as (
    {{ component_role_days(['draw']) }}
),

payable as (
    select plan_id, plan_hash, employee_id, period, currency, amount
    from {{ ref('int_lines_settled') }}
    where status in ('earned', 'released')
    union all
    select plan_id, plan_hash, employee_id, period, currency, amount
    from {{ ref('int_lines_component_cap') }}
    where status in ('earned', 'released')
    union all
    select plan_id, plan_hash, employee_id, period, currency, amount
    from {{ ref('int_lines_plan_cap') }}
    where status in ('earned', 'released')
),

spans as (
    select
        plan_id,
        plan_hash,
        component_id,
        employee_id,
        currency,
        min(period) as first_period
    from members
    group by plan_id, plan_hash, component_id, employee_id, currency
),

earned as (
    select
        plan_hash,
        employee_id,
        period,
        sum(amount) as amount
    from payable
    where plan_hash in (select plan_hash from {{ source('plans', 'draws') }})
    group by plan_hash, employee_id, period
),

months as (
    select
        spans.plan_id,
        spans.plan_hash,
        spans.component_id,
        spans.employee_id,
        spans.currency,
        periods.period,
        draws.is_recoverable,
        coalesce({{ exact_div(
            'cast(draws.amount as decimal(18, 2)) * members.days_in_role',
            'members.days_in_period',
            2, 2
        ) }}, 0) as draw_amount,
        coalesce(earned.amount, 0) as earned_amount
    from spans
    inner join {{ source('plans', 'draws') }} as draws
        on spans.plan_hash = draws.plan_hash and spans.component_id = draws.component_id
    inner join {{ ref('int_periods') }} as periods on spans.first_period <= periods.period
    left join members
        on spans.plan_hash = members.plan_hash
        and spans.component_id = members.component_id
        and spans.employee_id = members.employee_id
        and periods.period = members.period
    left join earned
        on spans.plan_hash = earned.plan_hash
        and spans.employee_id = earned.employee_id
        and periods.period = earned.period
),

walked as (
    select
        months.*,
        sum(draw_amount - greatest(earned_amount, 0)) over (
            partition by plan_hash, component_id, employee_id
            order by period asc rows between unbounded preceding and current row
        ) as running
    from months
),

reflected as (
    select
        walked.*,
        running - least(min(running) over (
            partition by plan_hash, component_id, employee_id
            order by period asc rows between unbounded preceding and current row
        ), 0) as balance
    from walked
),

balanced as (
    select
        reflected.*,
        case
            when is_recoverable then balance - coalesce(lag(balance) over (
                partition by plan_hash, component_id, employee_id order by period asc
            ), 0)
            else greatest(draw_amount - greatest(earned_amount, 0), 0)
        end as amount
    from reflected
),

limits as (
    select
        plan_id,
        plan_hash,
        component_id,
        cast(null as {{ dbt.type_string() }}) as kpi_id,
        employee_id,
        currency,
        period,
        period as origin_period,
        cast(earned_amount as decimal(18, 2)) as basis_amount,
        cast(amount as decimal(18, 2)) as amount,
        case when amount > 0 then 'draw' else 'draw_recovered' end as note,
        true as is_due
    from balanced
    where amount != 0
),

final as (
    {{ settle_limits('limits', 'draw') }}
)

select * from final
