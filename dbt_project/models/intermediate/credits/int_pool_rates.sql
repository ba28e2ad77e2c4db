-- One row per pool, deal source (award of the collaboration pool) and department: what a component pays on it.
-- `rate` NULL with `has_table` true: a rate table on the interval total; with `fixed_amount`: an amount per deal.
-- The plan is that of the positive transaction's day; an award is that of the policy on the day of signing.
with components as (
    select * from {{ ref('int_components') }}
),

flat as (
    select
        components.plan_id,
        components.plan_hash,
        components.component_id,
        components.pool,
        components.department,
        components.position,
        components.valid_from,
        components.valid_to,
        cast(null as date) as signed_from,
        cast(null as date) as signed_to,
        rates.deal_source,
        rates.rate,
        cast(null as decimal(18, 2)) as fixed_amount,
        cast(null as decimal(18, 12)) as first_rate,
        false as has_table
    from components
    inner join {{ source('plans', 'commission_rates') }} as rates
        on components.plan_hash = rates.plan_hash and components.component_id = rates.component_id
    where components.component_type = 'commission'
),

tables as (
    select
        components.plan_id,
        components.plan_hash,
        components.component_id,
        components.pool,
        components.department,
        components.position,
        components.valid_from,
        components.valid_to,
        cast(null as date) as signed_from,
        cast(null as date) as signed_to,
        sources.deal_source,
        cast(null as decimal(18, 12)) as rate,
        cast(null as decimal(18, 2)) as fixed_amount,
        first_tiers.start_rate as first_rate,
        true as has_table
    from components
    inner join {{ source('plans', 'commission_table_sources') }} as sources
        on components.plan_hash = sources.plan_hash and components.component_id = sources.component_id
    inner join {{ source('plans', 'commission_tiers') }} as first_tiers
        on components.plan_hash = first_tiers.plan_hash
        and components.component_id = first_tiers.component_id
        and first_tiers.tier_no = 1
    where components.component_type = 'commission'
),

awards as (
    select
        valid_from,
        valid_to,
        'joint' as award,
        joint_rate as rate,
        joint_amount as fixed_amount
    from {{ source('plans', 'crediting_policies') }}
    union all
    select
        valid_from,
        valid_to,
        'referral' as award,
        referral_rate as rate,
        referral_amount as fixed_amount
    from {{ source('plans', 'crediting_policies') }}
),

collaboration as (
    select
        components.plan_id,
        components.plan_hash,
        components.component_id,
        'collaboration' as pool,
        components.department,
        components.position,
        components.valid_from,
        components.valid_to,
        awards.valid_from as signed_from,
        awards.valid_to as signed_to,
        awards.award as deal_source,
        awards.rate,
        awards.fixed_amount,
        cast(null as decimal(18, 12)) as first_rate,
        false as has_table
    from components
    cross join awards
    where components.component_type = 'collaboration'
),

final as (
    select * from flat
    union all
    select * from tables
    union all
    select * from collaboration
)

select * from final
