-- A total earns what its credits were handed: the earning of every month's interval total equals the earnings of the
-- credits posted up to it. Returns the totals that differ.
with credits as (
    select
        credits.employee_id,
        credits.plan_hash,
        credits.component_id,
        credits.interval_id,
        {{ period_of('credits.business_date') }} as period,
        earnings.earning_amount
    from {{ ref('int_table_credits') }} as credits
    inner join {{ ref('int_table_earnings') }} as earnings
        on credits.deal_id = earnings.deal_id
        and credits.transaction_id = earnings.transaction_id
        and credits.origin_transaction_id = earnings.origin_transaction_id
        and credits.pool = earnings.pool
        and credits.employee_id = earnings.employee_id
)

select
    reached.employee_id,
    reached.plan_hash,
    reached.component_id,
    reached.period,
    reached.earning_amount,
    sum(credits.earning_amount) as handed_amount
from {{ ref('int_tiers_reached') }} as reached
inner join credits
    on reached.employee_id = credits.employee_id
    and reached.plan_hash = credits.plan_hash
    and reached.component_id = credits.component_id
    and reached.interval_id = credits.interval_id
    and credits.period <= reached.period
group by
    reached.employee_id,
    reached.plan_hash,
    reached.component_id,
    reached.period,
    reached.earning_amount
having reached.earning_amount != sum(credits.earning_amount)
