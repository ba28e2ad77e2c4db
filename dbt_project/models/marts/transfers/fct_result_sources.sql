-- One row per employee with closing credits, month and source of the results (rulebook 5).
with closers as (
    select
        deal_id,
        count(*) as closer_count
    from {{ ref('int_pool_shares') }}
    where pool = 'closing'
    group by deal_id
),

joint as (
    select distinct deal_id from {{ ref('int_pool_shares') }} where pool = 'collaboration' and award = 'joint'
),

transferred as (
    select
        deal_id,
        to_employee_id
    from {{ ref('fct_transfers') }}
    where deal_id is not null
),

credited as (
    select
        measures.employee_id,
        measures.period,
        case
            when transferred.deal_id is not null then 'transferred'
            when closers.closer_count > 1 or joint.deal_id is not null then 'jointly_worked'
            else 'own'
        end as source,
        measures.amount
    from {{ ref('int_measures_deal') }} as measures
    inner join closers on measures.deal_id = closers.deal_id
    left join joint on measures.deal_id = joint.deal_id
    left join transferred
        on measures.deal_id = transferred.deal_id and measures.employee_id = transferred.to_employee_id
    where measures.is_closer
),

totals as (
    select
        employee_id,
        period,
        sum(amount) as total_amount
    from credited
    group by employee_id, period
),

sources as (
    select 'own' as source
    union all select 'transferred'
    union all select 'jointly_worked'
),

amounts as (
    select
        employee_id,
        period,
        source,
        sum(amount) as amount
    from credited
    group by employee_id, period, source
),

near_certain as (
    select
        totals.employee_id,
        totals.period,
        sum(case when transfers.is_near_certain then 1 else 0 end) as near_certain_count,
        count(*) as transferred_count
    from totals
    inner join {{ ref('int_months') }} as months on totals.period = months.period
    inner join {{ source('plans', 'crediting_policies') }} as policies
        on months.ends_on >= policies.valid_from and months.ends_on < policies.valid_to
    inner join {{ ref('fct_transfers') }} as transfers
        on totals.employee_id = transfers.to_employee_id
        and transfers.deal_id is not null
    inner join {{ ref('int_deals') }} as deals
        on transfers.deal_id = deals.deal_id
        and deals.signed_date < months.next_starts_on
        and deals.signed_date >= {{ add_months('months.starts_on', '1 - cast(policies.near_certain_share_months as integer)') }}
    group by totals.employee_id, totals.period
),

final as (
    select
        totals.employee_id,
        totals.period,
        sources.source,
        cast(coalesce(amounts.amount, 0) as decimal(18, 2)) as amount,
        cast({{ exact_div('coalesce(amounts.amount, 0)', 'totals.total_amount', 6, 2) }} as decimal(28, 6)) as share,
        cast({{ exact_div(
            'near_certain.near_certain_count',
            'near_certain.transferred_count',
            6, 0
        ) }} as decimal(28, 6)) as near_certain_share_3m
    from totals
    cross join sources
    left join amounts
        on totals.employee_id = amounts.employee_id
        and totals.period = amounts.period
        and sources.source = amounts.source
    left join near_certain
        on totals.employee_id = near_certain.employee_id and totals.period = near_certain.period
)

select * from final
