-- One row per deal, pool and employee of a pool with several earners: the share at six places, adding up to 1.
with shared as (
    select
        deal_id,
        pool,
        employee_id,
        weight,
        1000000 as units
    from {{ ref('int_pool_shares') }}
    where people > 1
),

allocated as (
    {{ allocate('shared', ['deal_id', 'pool']) }}
),

final as (
    select
        deal_id,
        pool,
        employee_id,
        {{ from_units('part', 6) }} as share
    from allocated
)

select * from final
