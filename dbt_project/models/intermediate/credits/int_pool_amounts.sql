-- One row per credited transaction, pool and earner, with his flat pool before and after it. Flat earnings add up over the
-- transactions of a deal: the exact sum so far is rounded once, so that installments earn what the whole deal earns
-- (reading 45). A deal with one transaction needs no sum.
{%- set columns = [
    'deal_id', 'transaction_id', 'origin_transaction_id', 'business_date', 'origin_date', 'remaining_before',
    'remaining_after', 'pool', 'employee_id', 'weight', 'weight_total', 'people', 'is_bad_split', 'currency',
    'has_fx_rate', 'department', 'plan_id', 'plan_hash', 'component_id', 'has_table', 'rate'
] | join(', ') %}
with earners as (
    select * from {{ ref('int_pool_earners') }}
),

exact as (
    select
        earners.*,
        case
            when fixed_amount is null
                then coalesce({{ to_units('remaining_after - remaining_before', 2) }} * {{ to_units('rate', 12) }}, 0)
            else 0
        end as earned_units,
        case when fixed_amount is not null then remaining_after - remaining_before else 0 end as awarded_amount
    from earners
    where is_moved
),

so_far as (
    select
        exact.*,
        sum(earned_units) over deal_so_far as units_after,
        sum(awarded_amount) over deal_so_far as awarded_after,
        max(fixed_amount) over (partition by deal_id, pool, employee_id) as award_amount
    from exact
    window deal_so_far as (
        partition by deal_id, pool, employee_id
        order by
            business_date asc,
            case when transaction_id = origin_transaction_id then 0 else 1 end asc,
            transaction_id asc,
            origin_date desc,
            origin_transaction_id desc
        rows between unbounded preceding and current row
    )
),

moved as (
    select
        {{ columns }},
        {{ summed_pool('award_amount', 'awarded_after - awarded_amount', 'base_amount', 'units_after - earned_units') }} as pool_before,
        {{ summed_pool('award_amount', 'awarded_after', 'base_amount', 'units_after') }} as pool_after
    from so_far
),

unmoved as (
    select
        {{ columns }},
        cast(0 as decimal(18, 2)) as pool_before,
        cast(case
            when fixed_amount is not null
                then coalesce({{ award_of('fixed_amount', 'remaining_after', 'base_amount') }}, 0)
            else coalesce({{ exact_mul('remaining_after', 'rate') }}, 0)
        end as decimal(18, 2)) as pool_after
    from earners
    where not is_moved
),

final as (
    select * from unmoved
    union all
    select * from moved
)

select * from final
