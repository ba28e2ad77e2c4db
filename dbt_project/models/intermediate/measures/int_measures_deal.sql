-- One row per transaction and closer of a credited deal: what it adds to measures (rulebook 5, readings 20 to 22).
with counted as (
    select * from {{ ref('int_counted_shares') }}
),

closing as (
    select
        earners.deal_id,
        earners.transaction_id,
        earners.origin_transaction_id,
        earners.employee_id,
        earners.weight,
        earners.weight_total,
        earners.business_date as measure_date,
        earners.credited_amount as amount
    from {{ ref('int_pool_parts') }} as earners
    where earners.pool = 'closing' and earners.has_fx_rate
),

own as (
    select
        closing.*,
        coalesce(counted.counted_share, cast(1 as decimal(7, 6))) as counted_share
    from closing
    left join counted on closing.deal_id = counted.deal_id and closing.employee_id = counted.employee_id
),

-- the remainder of a transferred deal counts for the giver when the plan says so; his own amount is nothing
given as (
    select
        closing.deal_id,
        closing.transaction_id,
        closing.origin_transaction_id,
        counted.from_employee_id as employee_id,
        closing.weight,
        closing.weight_total,
        closing.measure_date,
        closing.amount,
        cast(1 - counted.counted_share as decimal(7, 6)) as counted_share
    from closing
    inner join counted on closing.deal_id = counted.deal_id and closing.employee_id = counted.employee_id
    where counted.remainder_to = 'giver' and counted.counted_share < 1
),

both_kinds as (
    select own.*, true as is_closer from own
    union all
    select given.*, false as is_closer from given
),

final as (
    select
        both_kinds.deal_id,
        both_kinds.transaction_id,
        both_kinds.origin_transaction_id,
        both_kinds.employee_id,
        both_kinds.is_closer,
        both_kinds.weight,
        both_kinds.weight_total,
        both_kinds.measure_date,
        {{ period_of('both_kinds.measure_date') }} as period,
        sources.signed_date,
        sources.period as signed_period,
        sources.source as deal_source,
        sources.units,
        case when both_kinds.is_closer then both_kinds.amount else 0 end as amount,
        both_kinds.counted_share,
        cast(both_kinds.amount as decimal(20, 2)) * both_kinds.counted_share as counted_amount,
        assignments.team_id,
        assignments.department
    from both_kinds
    inner join {{ ref('fct_deal_sources') }} as sources on both_kinds.deal_id = sources.deal_id
    left join {{ ref('int_assignments') }} as assignments
        on both_kinds.employee_id = assignments.employee_id
        and both_kinds.measure_date >= assignments.valid_from
        and both_kinds.measure_date < assignments.role_valid_to
)

select * from final
