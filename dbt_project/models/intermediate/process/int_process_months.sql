-- One row per employee, plan with a process bonus, and month: what the month reached and when its origination pool is
-- released (rulebook 4.6). Both figures are compared by cross-multiplication.
with members as (
    {{ component_role_days(['process_bonus']) }}
),

months as (
    select
        members.employee_id,
        members.plan_id,
        members.plan_hash,
        members.component_id,
        members.currency,
        members.period,
        periods.starts_on,
        periods.ends_on,
        rules.target,
        rules.min_conversion,
        rules.bonus,
        rules.origination_policy,
        rules.trailing_months,
        coalesce(cohorts.valid_visits, 0) as valid_visits,
        coalesce(cohorts.visitors, 0) as visitors,
        coalesce(cohorts.signed_customers, 0) as signed_customers
    from members
    inner join {{ ref('int_periods') }} as periods on members.period = periods.period
    inner join {{ source('plans', 'process_bonus_rules') }} as rules
        on members.plan_hash = rules.plan_hash and members.component_id = rules.component_id
    left join {{ ref('int_visit_cohorts') }} as cohorts
        on members.employee_id = cohorts.employee_id and members.period = cohorts.period
),

judged as (
    select
        months.*,
        valid_visits >= target
        and visitors > 0
        and signed_customers >= cast(min_conversion as decimal(18, 12)) * visitors as is_reached
    from months
),

trailing_months_reached as (
    select
        judged.employee_id,
        judged.plan_id,
        judged.period,
        judged.starts_on
    from judged
    inner join {{ ref('int_periods') }} as window_months
        on window_months.starts_on <= judged.starts_on
        and window_months.starts_on > {{ add_months('judged.starts_on', '-cast(judged.trailing_months as integer)') }}
    left join {{ ref('int_visit_cohorts') }} as cohorts
        on judged.employee_id = cohorts.employee_id and window_months.period = cohorts.period
    group by
        judged.employee_id,
        judged.plan_id,
        judged.period,
        judged.starts_on,
        judged.target,
        judged.min_conversion,
        judged.trailing_months
    having
        sum(coalesce(cohorts.valid_visits, 0)) >= judged.trailing_months * judged.target
        and sum(coalesce(cohorts.visitors, 0)) > 0
        and sum(coalesce(cohorts.signed_customers, 0))
        >= cast(judged.min_conversion as decimal(18, 12)) * sum(coalesce(cohorts.visitors, 0))
),

releases as (
    select
        judged.employee_id,
        judged.plan_id,
        judged.period,
        min(trailing_months_reached.period) as release_period
    from judged
    inner join trailing_months_reached
        on judged.employee_id = trailing_months_reached.employee_id
        and trailing_months_reached.starts_on > judged.starts_on
    where not judged.is_reached and judged.origination_policy = 'held'
    group by judged.employee_id, judged.plan_id, judged.period
),

final as (
    select
        judged.*,
        {{ exact_div('judged.signed_customers', 'judged.visitors', 6, 0) }} as conversion,
        releases.release_period
    from judged
    left join releases
        on judged.employee_id = releases.employee_id
        and judged.plan_id = releases.plan_id
        and judged.period = releases.period
)

select * from final
