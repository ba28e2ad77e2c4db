-- One row per deal, pool and employee: the share as whole-number weight of the pool's total.
with deals as (
    select
        sources.deal_id,
        sources.owner_employee_id,
        policies.attribution_model
    from {{ ref('fct_deal_sources') }} as sources
    inner join {{ source('plans', 'crediting_policies') }} as policies
        on sources.signed_date >= policies.valid_from and sources.signed_date < policies.valid_to
    where sources.is_creditable
),

shares as (
    select
        deals.deal_id,
        'origination' as pool,
        weights.employee_id,
        cast(weights.weight as {{ type_wide_int() }}) as weight,
        '' as award
    from deals
    inner join {{ ref('int_touch_weights') }} as weights
        on deals.deal_id = weights.deal_id and deals.attribution_model = weights.model
    union all
    select
        deals.deal_id,
        'closing' as pool,
        splits.employee_id,
        splits.weight,
        '' as award
    from deals
    inner join {{ ref('int_closing_splits') }} as splits on deals.deal_id = splits.deal_id
    union all
    select
        collaborators.deal_id,
        'collaboration' as pool,
        collaborators.employee_id,
        collaborators.weight,
        collaborators.award
    from {{ ref('int_collaborators') }} as collaborators
),

bad_splits as (
    select distinct deal_id from {{ ref('int_closing_splits') }} where is_bad_split
),

final as (
    select
        shares.deal_id,
        shares.pool,
        shares.employee_id,
        shares.weight,
        cast(sum(shares.weight) over (partition by shares.deal_id, shares.pool) as {{ type_wide_int() }}) as weight_total,
        count(*) over (partition by shares.deal_id, shares.pool) as people,
        shares.award,
        bad_splits.deal_id is not null as is_bad_split
    from shares
    left join bad_splits on shares.deal_id = bad_splits.deal_id
)

select * from final
