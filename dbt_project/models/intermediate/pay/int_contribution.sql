-- One row per employee, contribution component and month: follow-ups, contact minutes and the score (rulebook 7).
with members as (
    {{ component_role_days(['contribution']) }}
),

contacts as (
    select
        employee_id,
        cast(date_trunc('month', started_date) as date) as starts_on,
        count(*) as follow_ups,
        sum(coalesce(minutes, 0)) as minutes
    from {{ ref('int_activities') }}
    group by employee_id, cast(date_trunc('month', started_date) as date)
),

scored as (
    select
        members.employee_id,
        members.plan_id,
        members.plan_hash,
        members.component_id,
        members.currency,
        members.period,
        coalesce(contacts.follow_ups, 0) as follow_ups,
        coalesce(contacts.minutes, 0) as minutes,
        rules.follow_ups_reference,
        rules.minutes_reference,
        rules.follow_ups_share,
        rules.threshold,
        rules.bonus,
        -- both parts over one denominator: 100 * (share * f / F + (1 - share) * m / M) = numerator / (F * M)
        cast(rules.follow_ups_share as decimal(20, 6))
        * cast(least(coalesce(contacts.follow_ups, 0), rules.follow_ups_reference) as decimal(12, 2))
        * cast(rules.minutes_reference as decimal(12, 2))
        + cast(1 - rules.follow_ups_share as decimal(20, 6))
        * cast(least(coalesce(contacts.minutes, 0), rules.minutes_reference) as decimal(12, 2))
        * cast(rules.follow_ups_reference as decimal(12, 2)) as weighted_sum,
        cast(rules.follow_ups_reference as decimal(20, 2)) * cast(rules.minutes_reference as decimal(12, 2)) as reference_product
    from members
    inner join {{ ref('int_periods') }} as periods on members.period = periods.period
    inner join {{ source('plans', 'contribution_rules') }} as rules
        on members.plan_hash = rules.plan_hash and members.component_id = rules.component_id
    left join contacts on members.employee_id = contacts.employee_id and periods.starts_on = contacts.starts_on
),

final as (
    select
        scored.*,
        {{ exact_div('100 * weighted_sum', 'reference_product', 4, 10) }} as score,
        100 * weighted_sum >= threshold * reference_product as is_reached
    from scored
)

select * from final
