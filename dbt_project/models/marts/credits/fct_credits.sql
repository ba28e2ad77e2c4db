-- One row per transaction, pool and employee (the signing has an empty transaction_id).
with earners as (
    select * from {{ ref('int_pool_parts') }}
),

table_earnings as (
    select * from {{ ref('int_table_earnings') }}
),

-- earners whose plan exists but does not pay the pool: their rate is 0, without any plan there is none
covered as (
    select distinct
        earners.employee_id,
        earners.origin_date
    from earners
    inner join {{ ref('int_plan_roles') }} as roles
        on earners.employee_id = roles.employee_id
        and earners.origin_date >= roles.valid_from
        and earners.origin_date < roles.valid_to
    where earners.plan_hash is null
),

joined as (
    select
        earners.deal_id,
        earners.transaction_id,
        earners.pool,
        earners.employee_id,
        earners.business_date,
        earners.origin_date,
        earners.currency,
        case when earners.plan_hash is null and covered.employee_id is not null then 0 else earners.rate end as rate,
        earners.plan_id,
        earners.plan_hash,
        earners.component_id,
        earners.department,
        case
            when not earners.has_table and (earners.plan_hash is not null or covered.employee_id is not null)
                then earners.pool_after - earners.pool_before
        end as flat_pool,
        earners.credited_amount,
        case
            when earners.has_table then coalesce(table_earnings.earning_amount, 0)
            else earners.flat_earning
        end as earning_amount,
        earners.transaction_id = earners.origin_transaction_id as is_whole,
        earners.people,
        earners.weight,
        earners.weight_total
    from earners
    left join table_earnings
        on earners.deal_id = table_earnings.deal_id
        and earners.transaction_id = table_earnings.transaction_id
        and earners.origin_transaction_id = table_earnings.origin_transaction_id
        and earners.pool = table_earnings.pool
        and earners.employee_id = table_earnings.employee_id
    left join covered
        on earners.employee_id = covered.employee_id
        and earners.origin_date = covered.origin_date
),

-- a positive transaction is one row; a refund has a piece for each positive one it takes from
pieces as (
    select
        deal_id,
        transaction_id,
        pool,
        employee_id,
        currency,
        min(business_date) as business_date,
        min(origin_date) as origin_date,
        max(people) as people,
        max(weight) as weight,
        max(weight_total) as weight_total,
        case when min(rate) = max(rate) and count(rate) = count(*) then min(rate) end as rate,
        max(plan_id) as plan_id,
        max(plan_hash) as plan_hash,
        max(component_id) as component_id,
        max(department) as department,
        case when count(flat_pool) = count(*) then sum(flat_pool) end as pool_amount,
        sum(credited_amount) as credited_amount,
        sum(earning_amount) as earning_amount
    from joined
    where not is_whole
    group by deal_id, transaction_id, pool, employee_id, currency
),

grouped as (
    select * from pieces
    union all
    select
        deal_id,
        transaction_id,
        pool,
        employee_id,
        currency,
        business_date,
        origin_date,
        people,
        weight,
        weight_total,
        rate,
        plan_id,
        plan_hash,
        component_id,
        department,
        flat_pool as pool_amount,
        credited_amount,
        earning_amount
    from joined
    where is_whole
),

final as (
    select
        {{ md5_key(['grouped.deal_id', 'grouped.transaction_id', 'grouped.pool', 'grouped.employee_id']) }} as credit_id,
        grouped.deal_id,
        grouped.transaction_id,
        {{ period_of('grouped.business_date') }} as period,
        grouped.business_date,
        grouped.origin_date,
        grouped.currency,
        grouped.pool,
        grouped.employee_id,
        coalesce(published.share, 1.000000) as share,
        cast(grouped.credited_amount as decimal(18, 2)) as credited_amount,
        cast(grouped.rate as decimal(18, 12)) as rate,
        cast(grouped.pool_amount as decimal(18, 2)) as pool_amount,
        cast(grouped.earning_amount as decimal(18, 2)) as earning_amount,
        grouped.plan_id,
        grouped.component_id,
        grouped.department,
        case when grouped.people > 1 then cast(grouped.weight as decimal(38, 0)) end as weight,
        case when grouped.people > 1 then cast(grouped.weight_total as decimal(38, 0)) end as weight_total,
        grouped.plan_hash
    from grouped
    left join {{ ref('int_published_shares') }} as published
        on case when grouped.people > 1 then grouped.deal_id end = published.deal_id
        and grouped.pool = published.pool
        and grouped.employee_id = published.employee_id
)

select * from final
