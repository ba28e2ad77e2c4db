-- One row per credit that a rate table pays, with the running interval totals before and after it. Positives come
-- first on a day; a refund stands at its own date in the interval of what it reverses.
with dated as (
    select
        earners.deal_id,
        earners.transaction_id,
        earners.origin_transaction_id,
        earners.pool,
        earners.employee_id,
        earners.plan_id,
        earners.plan_hash,
        earners.component_id,
        earners.business_date,
        {{ interval_of('earners.origin_date', 'tables.interval_unit') }} as interval_id,
        tables.interval_unit,
        tables.tier_unit,
        tables.quota_kpi,
        case when earners.transaction_id = earners.origin_transaction_id then 0 else 1 end as sign_order,
        case when earners.transaction_id = '' then earners.deal_id else earners.transaction_id end as event_id,
        earners.credited_amount,
        cast(earners.credited_amount as decimal(20, 2))
        * coalesce(counted.counted_share, cast(1 as decimal(7, 6))) as counted_amount
    from {{ ref('int_pool_parts') }} as earners
    inner join {{ source('plans', 'commission_tables') }} as tables
        on earners.plan_hash = tables.plan_hash and earners.component_id = tables.component_id
    left join {{ ref('int_counted_shares') }} as counted
        on earners.deal_id = counted.deal_id and earners.employee_id = counted.employee_id
    where earners.has_table
),

running as (
    select
        dated.*,
        sum(credited_amount) over interval_order as amount_after,
        sum(counted_amount) over interval_order as counted_after,
        count(*) over interval_order as step_no
    from dated
    window interval_order as (
        partition by employee_id, plan_hash, component_id, interval_id
        order by business_date asc, sign_order asc, event_id asc, deal_id asc, origin_transaction_id asc
        rows between unbounded preceding and current row
    )
),

final as (
    select
        deal_id,
        transaction_id,
        origin_transaction_id,
        pool,
        employee_id,
        plan_id,
        plan_hash,
        component_id,
        business_date,
        interval_id,
        interval_unit,
        tier_unit,
        quota_kpi,
        credited_amount,
        counted_amount,
        cast(amount_after - credited_amount as decimal(18, 2)) as amount_before,
        cast(amount_after as decimal(18, 2)) as amount_after,
        cast(counted_after - counted_amount as decimal(28, 8)) as counted_before,
        cast(counted_after as decimal(28, 8)) as counted_after,
        step_no
    from running
)

select * from final
