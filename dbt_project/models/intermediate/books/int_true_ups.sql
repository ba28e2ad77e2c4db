-- One row per line of a closed month whose amount is another one now than what stands in the books, the line itself and
-- the true-ups posted for it: the line that is posted for the difference. What is held counts by itself.
{%- set key = 'origin_period, calculated_line_id, employee_id, currency, is_held' %}
with booked as (
    select
        lines.*,
        case when lines.component = 'true_up' then lines.origin_period else lines.period end as closed_period,
        lines.status = 'held' as is_held
    from {{ source('ledger', 'locked_lines') }} as lines
    where lines.status != 'forfeited'
),

calculated as (
    select
        lines.*,
        lines.status = 'held' as is_held
    from {{ ref('int_closed_lines') }} as lines
    where lines.status != 'forfeited'
),

amounts as (
    select
        closed_period as origin_period,
        calculated_line_id,
        employee_id,
        currency,
        is_held,
        case when component != 'true_up' then amount else 0 end as locked_amount,
        case when component = 'true_up' then amount else 0 end as posted_amount,
        0 as calculated_amount
    from booked
    union all
    select
        period as origin_period,
        line_id as calculated_line_id,
        employee_id,
        currency,
        is_held,
        0 as locked_amount,
        0 as posted_amount,
        amount as calculated_amount
    from calculated
),

differences as (
    select
        {{ key }},
        sum(locked_amount) as locked_amount,
        sum(posted_amount) as posted_amount,
        sum(calculated_amount) as calculated_amount
    from amounts
    group by {{ key }}
    having sum(calculated_amount) != sum(locked_amount) + sum(posted_amount)
),

-- what the line is for: as it is calculated now, else as it was locked, else as a true-up of it says
descriptions as (
    select
        1 as preference,
        period as closed_period,
        line_id as calculated_line_id,
        cast(null as {{ dbt.type_string() }}) as corrects_line_id,
        component,
        component_id,
        deal_id,
        transaction_id,
        kpi_id,
        plan_id,
        plan_hash,
        reason,
        status = 'held' as is_held
    from calculated
    union all
    select
        case when component = 'true_up' then 3 else 2 end as preference,
        closed_period,
        calculated_line_id,
        case when component = 'true_up' then corrects_line_id else line_id end as corrects_line_id,
        case when component = 'true_up' then reason else component end as component,
        component_id,
        deal_id,
        transaction_id,
        kpi_id,
        plan_id,
        plan_hash,
        reason,
        is_held
    from booked
),

named as (
    select
        descriptions.*,
        max(corrects_line_id) over (partition by closed_period, calculated_line_id) as locked_line_id,
        row_number() over (
            partition by closed_period, calculated_line_id, is_held order by preference asc, corrects_line_id asc
        ) as choice_no
    from descriptions
),

final as (
    select
        {{ md5_key(["'true_up'", 'closing.posting_period', 'differences.origin_period', 'differences.calculated_line_id', 'differences.employee_id', 'differences.currency', 'differences.is_held']) }} as line_id,
        closing.posting_period as period,
        differences.employee_id,
        named.component_id,
        named.deal_id,
        named.transaction_id,
        named.kpi_id,
        differences.currency,
        differences.is_held,
        case when differences.is_held and named.reason is not null then named.reason else named.component end as reason,
        named.component as corrected_component,
        differences.origin_period,
        named.plan_id,
        named.plan_hash,
        differences.calculated_line_id,
        coalesce(named.locked_line_id, differences.calculated_line_id) as corrects_line_id,
        cast(differences.locked_amount as decimal(18, 2)) as locked_amount,
        cast(differences.posted_amount as decimal(18, 2)) as posted_amount,
        cast(differences.calculated_amount as decimal(18, 2)) as calculated_amount,
        cast(
            differences.calculated_amount - differences.locked_amount - differences.posted_amount as decimal(18, 2)
        ) as amount
    from differences
    cross join {{ ref('int_closing') }} as closing
    inner join named
        on differences.origin_period = named.closed_period
        and differences.calculated_line_id = named.calculated_line_id
        and differences.is_held = named.is_held
        and named.choice_no = 1
)

select * from final
