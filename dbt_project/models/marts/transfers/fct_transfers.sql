-- One row per transfer of a customer between employees and deal signed after it (rulebook 5).
with transfers as (
    select
        paired.*,
        policies.near_certain_days,
        policies.min_post_activities,
        policies.min_post_minutes,
        policies.close_days,
        policies.counted_share as policy_counted_share
    from {{ ref('int_transfers_paired') }} as paired
    inner join {{ source('plans', 'crediting_policies') }} as policies
        on paired.policy_date >= policies.valid_from and paired.policy_date < policies.valid_to
),

changes as (
    select distinct
        change_id,
        customer_key,
        from_employee_id,
        changed_at
    from transfers
),

given as (
    select
        changes.change_id,
        min(activities.started_date) as first_activity_date,
        count(*) as activities,
        sum(coalesce(activities.minutes, 0)) as minutes
    from changes
    inner join {{ ref('int_activities') }} as activities
        on changes.customer_key = activities.customer_key
        and changes.from_employee_id = activities.employee_id
        and activities.started_at <= changes.changed_at
    group by changes.change_id
),

received as (
    select
        transfers.change_id,
        transfers.deal_id,
        count(*) as activities,
        sum(coalesce(activities.minutes, 0)) as minutes
    from transfers
    inner join {{ ref('int_activities') }} as activities
        on transfers.customer_key = activities.customer_key
        and transfers.to_employee_id = activities.employee_id
        and activities.started_at > transfers.changed_at
        and (transfers.signed_at is null or activities.started_at <= transfers.signed_at)
    group by transfers.change_id, transfers.deal_id
),

measured as (
    select
        transfers.*,
        {{ days_between('given.first_activity_date', 'transfers.changed_date') }} as pre_days,
        coalesce(given.activities, 0) as pre_activities,
        coalesce(given.minutes, 0) as pre_minutes,
        coalesce(received.activities, 0) as post_activities,
        coalesce(received.minutes, 0) as post_minutes,
        {{ days_between('transfers.changed_date', 'transfers.signed_date') }} as days_to_sign
    from transfers
    left join given on transfers.change_id = given.change_id
    left join received
        on transfers.change_id = received.change_id
        and coalesce(transfers.deal_id, '') = coalesce(received.deal_id, '')
),

final as (
    select
        change_id,
        deal_id,
        customer_key,
        from_employee_id,
        to_employee_id,
        changed_at,
        signed_at,
        pre_days,
        pre_activities,
        cast(pre_minutes as decimal(18, 2)) as pre_minutes,
        post_activities,
        cast(post_minutes as decimal(18, 2)) as post_minutes,
        days_to_sign,
        coalesce(pre_days > near_certain_days, false) as is_near_certain,
        coalesce(
            days_to_sign <= close_days
            and not (post_activities >= min_post_activities or post_minutes >= min_post_minutes),
            false
        ) as is_abnormal,
        coalesce(trim(reason), '') != '' as has_reason,
        case when deal_id is not null then cast(policy_counted_share as decimal(18, 6)) end as counted_share
    from measured
)

select * from final
