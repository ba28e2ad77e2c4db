-- One row per touch and attribution model: its weight in units of 1e-12 (rulebook 3.5).
with touches as (
    select * from {{ ref('int_touches') }}
),

-- weights of plans and fits become whole numbers before they meet the touches, which are many
policies as (
    select
        policy_id,
        valid_from,
        {{ to_units('position_first', 12) }} as position_first,
        {{ to_units('position_middle', 12) }} as position_middle,
        {{ to_units('position_last', 12) }} as position_last
    from {{ source('plans', 'crediting_policies') }}
),

decay_weights as (
    select
        policy_id,
        valid_from,
        age_days,
        {{ to_units('weight', 12) }} as weight
    from {{ source('plans', 'decay_weights') }}
),

fitted_weights as (
    select
        model,
        period,
        customer_type,
        channel,
        {{ to_units('weight', 12) }} as weight
    from {{ ref('int_attribution_weights') }}
),

rule_based as (
    select
        touches.deal_id,
        touches.employee_id,
        case when touches.touch_no = 1 then 1000000000000 else 0 end as first_weight,
        case when touches.touch_no_from_last = 1 then 1000000000000 else 0 end as last_weight,
        touches.touch_count,
        touches.touch_no,
        touches.touch_no_from_last,
        policies.position_first,
        policies.position_middle,
        policies.position_last,
        decay.weight as decay_weight
    from touches
    inner join policies on touches.policy_id = policies.policy_id and touches.policy_from = policies.valid_from
    left join decay_weights as decay
        on touches.policy_id = decay.policy_id
        and touches.policy_from = decay.valid_from
        and touches.age_days = decay.age_days
),

weighted as (
    select deal_id, employee_id, 'first' as model, first_weight as weight from rule_based
    union all
    select deal_id, employee_id, 'last' as model, last_weight as weight from rule_based
    union all
    select deal_id, employee_id, 'linear' as model, 1 as weight from rule_based
    union all
    select deal_id, employee_id, 'time_decay' as model, decay_weight as weight from rule_based
    union all
    -- the middle share is divided among the touches between first and last: weights times their number stay whole
    select
        deal_id,
        employee_id,
        'position' as model,
        case
            when touch_count <= 2 then 1
            when touch_no = 1 then position_first * (touch_count - 2)
            when touch_no_from_last = 1 then position_last * (touch_count - 2)
            else position_middle
        end as weight
    from rule_based
    union all
    -- a channel the model has not seen weighs nothing
    select
        touches.deal_id,
        touches.employee_id,
        models.model,
        coalesce(fitted.weight, 0) as weight
    from touches
    cross join (select 'markov' as model union all select 'shapley' as model) as models
    left join {{ ref('int_customer_types') }} as types on touches.customer_key = types.customer_key
    left join fitted_weights as fitted
        on models.model = fitted.model
        and touches.period = fitted.period
        and coalesce(types.customer_type, '') = fitted.customer_type
        and touches.channel = fitted.channel
),

summed as (
    select
        deal_id,
        employee_id,
        model,
        count(*) as touches,
        sum(weight) as weight,
        sum(sum(weight)) over (partition by deal_id, model) as deal_weight
    from weighted
    group by deal_id, employee_id, model
),

-- where nothing weighs anything, touches count equally
final as (
    select
        deal_id,
        employee_id,
        model,
        case when deal_weight = 0 then touches else weight end as weight
    from summed
)

select * from final where weight > 0
