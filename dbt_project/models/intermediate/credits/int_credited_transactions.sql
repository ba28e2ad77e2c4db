-- One row per transaction and the positive transaction it earns or takes back from. A negative transaction takes from
-- the latest positive ones first; `remaining_before` and `remaining_after` are of that positive transaction. Deals with
-- more than one transaction are marked: their flat earnings add up over all of them.
with movements as (
    select * from {{ ref('int_deal_movements') }}
),

gains as (
    select * from movements where is_gain and (level_after > level_before or transaction_id = '')
),

takings as (
    select * from movements where level_after < level_before
),

levels as (
    select
        movements.deal_id,
        movements.level_after as level_amount
    from movements
    inner join (select distinct deal_id from takings) as touched on movements.deal_id = touched.deal_id
    union
    select distinct
        deal_id,
        cast(0 as decimal(18, 2)) as level_amount
    from takings
),

segments as (
    select
        deal_id,
        level_amount as segment_from,
        lead(level_amount) over (partition by deal_id order by level_amount asc) as segment_to
    from levels
),

taken as (
    select
        takings.deal_id,
        takings.transaction_id,
        takings.movement_no,
        takings.business_date,
        gains.transaction_id as origin_transaction_id,
        gains.movement_no as origin_movement_no,
        segments.segment_to - segments.segment_from as segment_amount,
        row_number() over (
            partition by takings.deal_id, takings.movement_no, segments.segment_from
            order by gains.movement_no desc
        ) as latest_no
    from takings
    inner join segments
        on takings.deal_id = segments.deal_id
        and segments.segment_from >= takings.level_after
        and segments.segment_to <= takings.level_before
    inner join gains
        on takings.deal_id = gains.deal_id
        and gains.movement_no < takings.movement_no
        and gains.level_before <= segments.segment_from
        and gains.level_after >= segments.segment_to
),

taken_back as (
    select
        deal_id,
        transaction_id,
        movement_no,
        business_date,
        origin_transaction_id,
        origin_movement_no,
        sum(segment_amount) as taken_amount
    from taken
    where latest_no = 1
    group by deal_id, transaction_id, movement_no, business_date, origin_transaction_id, origin_movement_no
),

reversals as (
    select
        taken_back.deal_id,
        taken_back.transaction_id,
        taken_back.origin_transaction_id,
        taken_back.business_date,
        gains.business_date as origin_date,
        cast(gains.level_after - gains.level_before - sum(taken_back.taken_amount) over (
            partition by taken_back.deal_id, taken_back.origin_movement_no
            order by taken_back.movement_no asc rows between unbounded preceding and current row
        ) as decimal(18, 2)) as remaining_after,
        cast(taken_back.taken_amount as decimal(18, 2)) as taken_amount
    from taken_back
    inner join gains
        on taken_back.deal_id = gains.deal_id and taken_back.origin_movement_no = gains.movement_no
),

unmoved as (
    select
        deals.deal_id,
        deals.signed_date,
        deals.amount
    from {{ ref('int_deals') }} as deals
    left join (select distinct deal_id from movements) as moved on deals.deal_id = moved.deal_id
    where deals.is_creditable
        and deals.basis = 'signed'
        and moved.deal_id is null
),

pieces as (
    select
        deal_id,
        '' as transaction_id,
        '' as origin_transaction_id,
        signed_date as business_date,
        signed_date as origin_date,
        cast(0 as decimal(18, 2)) as left_before,
        amount as left_after,
        false as is_moved
    from unmoved
    union all
    select
        deal_id,
        transaction_id,
        transaction_id as origin_transaction_id,
        business_date,
        business_date as origin_date,
        cast(0 as decimal(18, 2)) as left_before,
        cast(level_after - level_before as decimal(18, 2)) as left_after,
        true as is_moved
    from gains
    union all
    select
        deal_id,
        transaction_id,
        origin_transaction_id,
        business_date,
        origin_date,
        cast(remaining_after + taken_amount as decimal(18, 2)) as left_before,
        remaining_after as left_after,
        true as is_moved
    from reversals
),

-- what is left is kept in the deal's currency and converted level by level, so that parts add up to the whole
final as (
    select
        pieces.deal_id,
        pieces.transaction_id,
        pieces.origin_transaction_id,
        pieces.business_date,
        pieces.origin_date,
        pieces.left_before,
        pieces.left_after,
        pieces.is_moved,
        case
            when deals.fx_rate = 1 then pieces.left_before
            else {{ exact_mul('pieces.left_before', 'deals.fx_rate') }}
        end as remaining_before,
        case
            when deals.fx_rate = 1 then pieces.left_after
            else {{ exact_mul('pieces.left_after', 'deals.fx_rate') }}
        end as remaining_after
    from pieces
    inner join {{ ref('int_deals') }} as deals on pieces.deal_id = deals.deal_id
)

select * from final
