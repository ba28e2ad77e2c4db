-- One row per employee or team, month and measure with at least one fact (section 5, readings 20 to 22 and 40). What a
-- giver keeps of a transferred deal is his own and no fact of his team: teams count the deal in full with its closers.
with amounts as (
    select
        employee_id,
        period,
        case when is_closer then team_id end as team_id,
        deal_source,
        amount,
        counted_amount,
        is_closer
    from {{ ref('int_measures_deal') }}
),

counts as (
    select
        deal_id,
        employee_id,
        period,
        case when is_closer then team_id end as team_id,
        deal_source,
        units,
        is_closer,
        counted_share,
        case
            when weight = weight_total then cast(counted_share as decimal(28, 18))
            else {{ exact_div('cast(weight as decimal(38, 0)) * counted_share', 'weight_total', 18, 6) }}
        end as counted_part,
        case
            when weight = weight_total then cast(1 as decimal(28, 18))
            else {{ exact_div('weight', 'weight_total', 18, 0) }}
        end as whole_part
    from {{ ref('int_measure_counts') }}
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
        case when deal_source = 'repurchase' then 'repurchase_amount' else 'new_customer_amount' end as measure,
        counted_amount as value,
        amount as team_value
    from amounts
),

-- parts of a deal have 24 places: together with amounts they would lose some before they are added
count_facts as (
    select
        employee_id,
        team_id,
        period,
        'new_customers' as measure,
        cast(counted_part as decimal(38, 24)) as value,
        cast(case when is_closer then whole_part else 0 end as decimal(38, 24)) as team_value
    from counts
    where deal_source != 'repurchase'
    union all
    select
        employee_id,
        team_id,
        period,
        'units' as measure,
        cast(units as decimal(18, 6)) * cast(counted_part as decimal(20, 18)) as value,
        cast(units as decimal(18, 6)) * cast(case when is_closer then whole_part else 0 end as decimal(20, 18)) as team_value
    from counts
    union all
    select employee_id, team_id, period, measure, count(*) as value, count(*) as team_value
    from lead_counts
    group by employee_id, team_id, period, measure
    union all
    select employee_id, team_id, period, 'customers_maintained' as measure, customers as value, customers as team_value
    from {{ ref('int_customers_maintained') }}
),

team_assisted as (
    select distinct
        team_id,
        period,
        deal_id
    from {{ ref('int_deals_assisted') }}
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
    from {{ ref('int_deals_assisted') }}
    group by employee_id, period
    union all
    select 'team:' || team_id as employee_id, period, 'deals_assisted' as measure, cast(count(*) as decimal(28, 6)) as value
    from team_assisted
    group by team_id, period
)

select * from final
