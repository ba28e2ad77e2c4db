-- One row per owner, material and month from the owner's first movement on: stock before and at the end of the month, and
-- what moved in it.
with days as (
    select * from {{ ref('int_material_days') }}
),

materials as (
    select
        employee_id,
        material_id,
        min(min(moved_on)) over (partition by employee_id) as first_moved_on
    from days
    group by employee_id, material_id
),

months as (
    select
        materials.employee_id,
        materials.material_id,
        periods.period,
        periods.starts_on,
        periods.ends_on
    from materials
    inner join {{ ref('int_periods') }} as periods on materials.first_moved_on <= periods.ends_on
),

moved as (
    select
        months.employee_id,
        months.material_id,
        months.period,
        min(case when days.has_opening then days.moved_on end) as first_opening_on,
        sum(days.received_amount) as received_amount,
        sum(days.issued_amount) as issued_amount,
        sum(days.lost_amount) as lost_amount
    from months
    inner join days
        on months.employee_id = days.employee_id
        and months.material_id = days.material_id
        and days.moved_on between months.starts_on and months.ends_on
    group by months.employee_id, months.material_id, months.period
),

final as (
    select
        months.employee_id,
        months.material_id,
        months.period,
        months.starts_on,
        moved.period is not null as has_movement,
        coalesce(opening_day.opening_amount, earlier.stock_amount, 0) as opening_amount,
        coalesce(moved.received_amount, 0) as received_amount,
        coalesce(moved.issued_amount, 0) as issued_amount,
        coalesce(moved.lost_amount, 0) as lost_amount,
        coalesce(latest.stock_amount, 0) as stock_amount
    from months
    left join moved
        on months.employee_id = moved.employee_id
        and months.material_id = moved.material_id
        and months.period = moved.period
    left join days as opening_day
        on moved.employee_id = opening_day.employee_id
        and moved.material_id = opening_day.material_id
        and moved.first_opening_on = opening_day.moved_on
    left join days as earlier
        on months.employee_id = earlier.employee_id
        and months.material_id = earlier.material_id
        and earlier.moved_on < months.starts_on
        and earlier.next_moved_on >= months.starts_on
    left join days as latest
        on months.employee_id = latest.employee_id
        and months.material_id = latest.material_id
        and latest.moved_on <= months.ends_on
        and latest.next_moved_on > months.ends_on
)

select * from final
