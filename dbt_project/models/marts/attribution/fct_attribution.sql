-- One row per marketing deal, employee and attribution model; the shares of a deal and model add up to 1.
with weights as (
    select
        deal_id,
        model,
        employee_id,
        weight,
        1000000 as units
    from {{ ref('int_touch_weights') }}
),

allocated as (
    {{ allocate('weights', ['deal_id', 'model']) }}
),

final as (
    select
        deal_id,
        employee_id,
        model,
        {{ from_units('part', 6) }} as share
    from allocated
)

select * from final
