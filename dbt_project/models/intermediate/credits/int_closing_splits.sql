-- One row per deal and closer: the split rows of the deal when they add up to 1 (to within 0.000001: nobody can write a
-- third), else the owner at signing with all of it. Bad split rows of either pool leave the whole deal to the owner; its lines are held.
with splits as (
    select
        deal_id,
        pool,
        employee_id,
        sum({{ to_units('share', 12) }}) as weight,
        min(share) as smallest_share
    from {{ ref('stg_deal_splits') }}
    group by deal_id, pool, employee_id
),

totals as (
    select
        deal_id,
        pool,
        abs(sum(weight) - 1000000000000) <= 1000000 and min(smallest_share) >= 0 as is_good
    from splits
    group by deal_id, pool
),

bad_deals as (
    select distinct deal_id from totals where not is_good
),

closers as (
    select
        splits.deal_id,
        splits.employee_id,
        cast(splits.weight as {{ type_wide_int() }}) as weight
    from splits
    left join bad_deals on splits.deal_id = bad_deals.deal_id
    where splits.pool = 'closing' and splits.weight > 0 and bad_deals.deal_id is null
),

final as (
    select
        deals.deal_id,
        coalesce(closers.employee_id, deals.owner_employee_id) as employee_id,
        coalesce(closers.weight, 1) as weight,
        bad_deals.deal_id is not null as is_bad_split
    from {{ ref('int_deals') }} as deals
    left join closers on deals.deal_id = closers.deal_id
    left join bad_deals on deals.deal_id = bad_deals.deal_id
)

select * from final
