-- One row per employee or team, month and measure with at least one fact (section 5, readings 20 to 22 and 40). What a
-- giver keeps of a transferred deal is his own and no fact of his team: teams count the deal in full with its closers.
with amounts as (
    select
        employee_id,
        period,
        case when is_closer then team_id end as team_id,
        deal_source = 'repurchase' as is_repurchase,
        is_closer,
        cast(sum(amount) as decimal(28, 2)) as amount,
        cast(sum(counted_amount) as decimal(28, 8)) as counted_amount
    from {{ ref('int_measures_deal') }}
    group by employee_id, period, case when is_closer then team_id end, deal_source = 'repurchase', is_closer
),

counted_deals as (
    select * from {{ ref('int_measure_counts') }}
),

-- deals by the thousand are divided alike, and once
parts as (
    select
        weight,
        weight_total,
        counted_share,
        case
            when weight = weight_total then cast(counted_share as decimal(28, 18))
            else {{ exact_div('cast(weight as decimal(38, 0)) * counted_share', 'weight_total', 18, 6) }}
        end as counted_part,
        case
            when weight = weight_total then cast(1 as decimal(28, 18))
            else {{ exact_div('weight', 'weight_total', 18, 0) }}
        end as whole_part
    from (select distinct weight, weight_total, counted_share from counted_deals) as alike
),

-- parts of a deal have 24 places: together with amounts they would lose some before they are added
counts as (
    select
        counted_deals.employee_id,
        counted_deals.period,
        case when counted_deals.is_closer then counted_deals.team_id end as team_id,
        counted_deals.deal_source = 'repurchase' as is_repurchase,
        sum(cast(parts.counted_part as decimal(38, 24))) as counted_part,
        sum(cast(parts.whole_part as decimal(38, 24))) as whole_part,
        sum(cast(counted_deals.units as decimal(18, 6)) * cast(parts.counted_part as decimal(20, 18))) as counted_units,
        sum(cast(counted_deals.units as decimal(18, 6)) * cast(parts.whole_part as decimal(20, 18))) as whole_units
    from counted_deals
    inner join parts
        on counted_deals.weight = parts.weight
        and counted_deals.weight_total = parts.weight_total
        and counted_deals.counted_share = parts.counted_share
    group by
        counted_deals.employee_id,
        counted_deals.period,
        case when counted_deals.is_closer then counted_deals.team_id end,
        counted_deals.deal_source = 'repurchase'
),

leads as (
    select
        validity.owner_employee_id as employee_id,
        validity.lead_id,
        {{ business_date('validity.became_valid_at') }} as measure_date,
        'valid_leads' as measure
    from {{ ref('fct_lead_validity') }} as validity
    where validity.is_valid
    union all
    select
        employee_id,
        lead_id,
        visited_date as measure_date,
        'valid_visits' as measure
    from {{ ref('int_visited_leads') }}
),

lead_counts as (
    select
        leads.employee_id,
        leads.measure,
        {{ period_of('leads.measure_date') }} as period,
        assignments.team_id
    from leads
    left join {{ ref('int_assignments') }} as assignments
        on leads.employee_id = assignments.employee_id
        and leads.measure_date >= assignments.valid_from
        and leads.measure_date < assignments.role_valid_to
),

amount_facts as (
    select
        employee_id,
        team_id,
        period,
        'sales_amount' as measure,
        amount as value,
        amount as team_value
    from amounts
    where is_closer
    union all
    select
        employee_id,
        team_id,
        period,
        'counted_sales_amount' as measure,
        counted_amount as value,
        amount as team_value
    from amounts
    union all
    select
        employee_id,
        team_id,
        period,
        case when is_repurchase then 'repurchase_amount' else 'new_customer_amount' end as measure,
        counted_amount as value,
        amount as team_value
    from amounts
),

count_facts as (
    select
        employee_id,
        team_id,
        period,
        'new_customers' as measure,
        counted_part as value,
        whole_part as team_value
    from counts
    where not is_repurchase
    union all
    select
        employee_id,
        team_id,
        period,
        'units' as measure,
        counted_units as value,
        whole_units as team_value
    from counts
    union all
    select employee_id, team_id, period, measure, count(*) as value, count(*) as team_value
    from lead_counts
    group by employee_id, team_id, period, measure
    union all
    select employee_id, team_id, period, 'customers_maintained' as measure, customers as value, customers as team_value
    from {{ ref('int_customers_maintained') }}
),

assisted as (
    select * from {{ ref('int_deals_assisted') }}
),

team_assisted as (
    select distinct
        team_id,
        period,
        deal_id
    from assisted
    where team_id is not null
),

final as (
    select employee_id, period, measure, cast(round(sum(value), 6) as decimal(28, 6)) as value
    from amount_facts
    group by employee_id, period, measure
    union all
    select 'team:' || team_id as employee_id, period, measure, cast(round(sum(team_value), 6) as decimal(28, 6)) as value
    from amount_facts
    where team_id is not null
    group by team_id, period, measure
    union all
    select employee_id, period, measure, cast(round(sum(value), 6) as decimal(28, 6)) as value
    from count_facts
    group by employee_id, period, measure
    union all
    select 'team:' || team_id as employee_id, period, measure, cast(round(sum(team_value), 6) as decimal(28, 6)) as value
    from count_facts
    where team_id is not null
    group by team_id, period, measure
    union all
    select employee_id, period, 'deals_assisted' as measure, cast(sum(counted_share) as decimal(28, 6)) as value
    from assisted
    group by employee_id, period
    union all
    select 'team:' || team_id as employee_id, period, 'deals_assisted' as measure, cast(count(*) as decimal(28, 6)) as value
    from team_assisted
    group by team_id, period
)

select * from final
