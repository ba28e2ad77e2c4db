-- One row per credited deal and closer: what its signing counts, whole and in part; never taken back (reading 22).
with closers as (
    select
        shares.deal_id,
        shares.employee_id,
        shares.weight,
        shares.weight_total,
        coalesce(counted.counted_share, cast(1 as decimal(7, 6))) as counted_share,
        true as is_closer
    from {{ ref('int_pool_shares') }} as shares
    left join {{ ref('int_counted_shares') }} as counted
        on shares.deal_id = counted.deal_id and shares.employee_id = counted.employee_id
    where shares.pool = 'closing'
    union all
    select
        shares.deal_id,
        counted.from_employee_id as employee_id,
        shares.weight,
        shares.weight_total,
        cast(1 - counted.counted_share as decimal(7, 6)) as counted_share,
        false as is_closer
    from {{ ref('int_pool_shares') }} as shares
    inner join {{ ref('int_counted_shares') }} as counted
        on shares.deal_id = counted.deal_id and shares.employee_id = counted.employee_id
    where shares.pool = 'closing' and counted.remainder_to = 'giver' and counted.counted_share < 1
),

final as (
    select
        closers.deal_id,
        closers.employee_id,
        closers.is_closer,
        closers.weight,
        closers.weight_total,
        closers.counted_share,
        sources.period,
        sources.signed_date,
        sources.source as deal_source,
        coalesce(sources.units, 0) as units,
        assignments.team_id
    from closers
    inner join {{ ref('fct_deal_sources') }} as sources on closers.deal_id = sources.deal_id
    left join {{ ref('int_assignments') }} as assignments
        on closers.employee_id = assignments.employee_id
        and sources.signed_date >= assignments.valid_from
        and sources.signed_date < assignments.role_valid_to
    where sources.has_fx_rate
)

select * from final
