-- One row per credited deal and employee who took part in it: closing, collaboration, or an activity that names it. The
-- giver of a transferred deal who took no part counts what the receiver does not, when the plan leaves it to him.
with participants as (
    select
        deal_id,
        employee_id
    from {{ ref('int_pool_shares') }}
    where pool in ('closing', 'collaboration')
    union
    select
        activities.deal_id,
        activities.employee_id
    from {{ ref('int_activities') }} as activities
    inner join {{ ref('int_deals') }} as deals
        on activities.deal_id = deals.deal_id and activities.started_at <= deals.signed_at
    where deals.is_creditable
),

counted as (
    select * from {{ ref('int_counted_shares') }}
),

members as (
    select
        participants.deal_id,
        participants.employee_id,
        coalesce(counted.counted_share, cast(1 as decimal(7, 6))) as counted_share,
        true as takes_part
    from participants
    left join counted on participants.deal_id = counted.deal_id and participants.employee_id = counted.employee_id
    union all
    select
        counted.deal_id,
        counted.from_employee_id as employee_id,
        cast(1 - counted.counted_share as decimal(7, 6)) as counted_share,
        false as takes_part
    from counted
    inner join participants
        on counted.deal_id = participants.deal_id and counted.employee_id = participants.employee_id
    left join participants as givers
        on counted.deal_id = givers.deal_id and counted.from_employee_id = givers.employee_id
    where counted.remainder_to = 'giver' and counted.counted_share < 1 and givers.employee_id is null
),

final as (
    select
        members.deal_id,
        members.employee_id,
        sources.period,
        sources.signed_date,
        members.counted_share,
        case when members.takes_part then assignments.team_id end as team_id
    from members
    inner join {{ ref('fct_deal_sources') }} as sources on members.deal_id = sources.deal_id
    left join {{ ref('int_assignments') }} as assignments
        on members.employee_id = assignments.employee_id
        and sources.signed_date >= assignments.valid_from
        and sources.signed_date < assignments.role_valid_to
    where sources.has_fx_rate
)

select * from final
