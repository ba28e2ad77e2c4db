-- One row per deal and person of its collaboration award: explicit split rows, else the people who did the substantive
-- activities of a joint deal, else the owner of the referring customer (rulebook 3.6).
with deals as (
    select
        sources.deal_id,
        sources.customer_key,
        sources.signed_at,
        sources.source,
        sources.referrer_customer_key,
        policies.policy_id,
        policies.valid_from as policy_from,
        policies.attribution_model,
        policies.joint_min_activities,
        -- a fixed award is a share of the deal's amount: of nothing there is none
        policies.joint_amount is null or sources.base_amount != 0 as has_joint_award,
        policies.referral_amount is null or sources.base_amount != 0 as has_referral_award
    from {{ ref('fct_deal_sources') }} as sources
    inner join {{ source('plans', 'crediting_policies') }} as policies
        on sources.signed_date >= policies.valid_from and sources.signed_date < policies.valid_to
    where sources.is_creditable
),

explicit_splits as (
    select
        splits.deal_id,
        splits.employee_id,
        sum({{ to_units('splits.share', 12) }}) as weight
    from {{ ref('stg_deal_splits') }} as splits
    inner join (select distinct deal_id from {{ ref('int_closing_splits') }} where not is_bad_split) as good
        on splits.deal_id = good.deal_id
    where splits.pool = 'collaboration'
    group by splits.deal_id, splits.employee_id
),

explicit_deals as (
    select distinct deal_id from explicit_splits
),

parties as (
    select
        deals.*,
        weights.employee_id,
        'originator' as party
    from deals
    inner join {{ ref('int_touch_weights') }} as weights
        on deals.deal_id = weights.deal_id and deals.attribution_model = weights.model
    union all
    select
        deals.*,
        splits.employee_id,
        'closer' as party
    from deals
    inner join {{ ref('int_closing_splits') }} as splits on deals.deal_id = splits.deal_id
    where deals.source = 'marketing'
),

first_touches as (
    select
        deal_id,
        min(created_at) as first_touched_at
    from {{ ref('int_touches') }}
    group by deal_id
),

active_parties as (
    select
        parties.deal_id,
        parties.employee_id,
        parties.party
    from parties
    inner join first_touches on parties.deal_id = first_touches.deal_id
    inner join {{ ref('int_activities') }} as activities
        on parties.customer_key = activities.customer_key
        and parties.employee_id = activities.employee_id
        and activities.started_at >= first_touches.first_touched_at
        and activities.started_at <= parties.signed_at
    inner join {{ source('plans', 'crediting_values') }} as kinds
        on parties.policy_id = kinds.policy_id
        and parties.policy_from = kinds.valid_from
        and kinds.list_name = 'substantive_kinds'
        and activities.kind = kinds.value
    group by parties.deal_id, parties.employee_id, parties.party, parties.joint_min_activities
    having count(*) >= greatest(parties.joint_min_activities, 1)
),

joint_deals as (
    select deal_id
    from active_parties
    group by deal_id
    having count(distinct party) = 2 and count(distinct employee_id) > 1
),

final as (
    select
        explicit_splits.deal_id,
        explicit_splits.employee_id,
        cast(explicit_splits.weight as {{ type_wide_int() }}) as weight,
        case when deals.source = 'referral' then 'referral' else 'joint' end as award
    from explicit_splits
    inner join deals on explicit_splits.deal_id = deals.deal_id
    where explicit_splits.weight > 0
        and case when deals.source = 'referral' then deals.has_referral_award else deals.has_joint_award end
    union all
    select distinct
        active_parties.deal_id,
        active_parties.employee_id,
        cast(1 as {{ type_wide_int() }}) as weight,
        'joint' as award
    from active_parties
    inner join joint_deals on active_parties.deal_id = joint_deals.deal_id
    inner join deals on active_parties.deal_id = deals.deal_id
    left join explicit_deals on active_parties.deal_id = explicit_deals.deal_id
    where explicit_deals.deal_id is null and deals.has_joint_award
    union all
    select
        deals.deal_id,
        ownership.owner_employee_id as employee_id,
        cast(1 as {{ type_wide_int() }}) as weight,
        'referral' as award
    from deals
    inner join {{ ref('int_ownership') }} as ownership
        on deals.referrer_customer_key = ownership.customer_key
        and deals.signed_at >= ownership.valid_from
        and deals.signed_at < ownership.valid_to
    left join explicit_deals on deals.deal_id = explicit_deals.deal_id
    where deals.source = 'referral' and deals.has_referral_award and explicit_deals.deal_id is null
)

select * from final
