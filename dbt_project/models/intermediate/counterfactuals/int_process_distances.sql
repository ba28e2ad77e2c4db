-- One row per employee, plan with a process bonus, month that did not reach it, and kind: visits or signed customers
-- missing, and the bonus with the origination that the month kept back only because of it (rulebook 4.6, 13).
with months as (
    select * from {{ ref('int_process_months') }}
    where not is_reached
),

kept as (
    select
        employee_id,
        plan_id,
        origin_period as period,
        sum(amount) as amount
    from {{ ref('int_lines_commission_settled') }}
    where component = 'origination' and status in ('held', 'forfeited') and reason = 'process'
    group by employee_id, plan_id, origin_period
),

wanted as (
    select
        months.employee_id,
        months.period,
        months.plan_id,
        months.plan_hash,
        months.component_id,
        months.currency,
        months.valid_visits,
        months.target,
        months.signed_customers,
        cast(greatest(months.target - months.valid_visits, 0) as decimal(28, 6)) as missing_visits,
        -- missing visits would come as visitors who have not signed
        cast(ceil(
            cast(months.min_conversion as decimal(13, 12)) * cast(
                case
                    when months.valid_visits >= months.target then months.visitors
                    else greatest(months.visitors, months.target)
                end as decimal(18, 6)
            )
        ) as decimal(28, 6)) as wanted_signed,
        cast(months.bonus + coalesce(kept.amount, 0) as decimal(18, 2)) as stake
    from months
    left join kept
        on months.employee_id = kept.employee_id
        and months.plan_id = kept.plan_id
        and months.period = kept.period
),

measured as (
    select
        wanted.*,
        greatest(wanted_signed - signed_customers, 0) as missing_signed
    from wanted
),

final as (
    select
        'missing_visit' as kind,
        measured.*,
        missing_visits as gap,
        case when missing_signed = 0 then stake end as money_gain
    from measured
    where missing_visits > 0
    union all
    select
        'missing_conversion' as kind,
        measured.*,
        missing_signed as gap,
        case when missing_visits = 0 then stake end as money_gain
    from measured
    where missing_signed > 0
)

select * from final
