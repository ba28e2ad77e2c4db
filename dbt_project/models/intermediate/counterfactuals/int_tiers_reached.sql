-- One row per employee, rate table and month of a running interval: the totals at the end of the month, the tier they lie
-- in and what they earn (rulebook 4.2).
with posted as (
    select
        employee_id,
        plan_id,
        plan_hash,
        component_id,
        interval_id,
        interval_unit,
        {{ period_of('business_date') }} as period,
        sum(credited_amount) as credited_amount,
        sum(counted_amount) as counted_amount
    from {{ ref('int_table_credits') }}
    group by employee_id, plan_id, plan_hash, component_id, interval_id, interval_unit, {{ period_of('business_date') }}
),

-- totals as they stood at the end of each month of the interval
totals as (
    select
        posted.employee_id,
        posted.plan_id,
        posted.plan_hash,
        posted.component_id,
        posted.interval_id,
        periods.period,
        cast(sum(posted.credited_amount) as decimal(18, 2)) as total_amount,
        cast(sum(posted.counted_amount) as decimal(28, 8)) as counted_total
    from posted
    inner join {{ ref('int_periods') }} as periods
        on posted.period <= periods.period
        and posted.interval_id = case posted.interval_unit
            when 'year' then periods.year
            when 'quarter' then periods.quarter
            else periods.period
        end
    group by
        posted.employee_id,
        posted.plan_id,
        posted.plan_hash,
        posted.component_id,
        posted.interval_id,
        periods.period
),

final as (
    {{ table_earned('totals', ['employee_id', 'plan_id', 'plan_hash', 'component_id', 'interval_id', 'period']) }}
)

select * from final
