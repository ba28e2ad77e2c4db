-- One row per owner, material and day with movements: what moved, and the stock after it. An opening restates the stock,
-- it is never added to it.
with days as (
    select
        coalesce(movements.owner_employee_id, 'UNRESOLVED') as employee_id,
        movements.material_id,
        movements.moved_on,
        max(case when movements.kind = 'opening' then 1 else 0 end) as openings,
        sum(case when movements.kind = 'opening' then movements.amount else 0 end) as opening_amount,
        sum(case when movements.kind = 'receipt' then movements.amount else 0 end) as received_amount,
        sum(case when movements.kind = 'issue' then movements.amount else 0 end) as issued_amount,
        sum(case when movements.kind in ('expired', 'damaged') then movements.amount else 0 end) as lost_amount
    from {{ ref('stg_material_movements') }} as movements
    group by coalesce(movements.owner_employee_id, 'UNRESOLVED'), movements.material_id, movements.moved_on
),

counted as (
    select
        days.*,
        sum(openings) over (
            partition by employee_id, material_id order by moved_on asc rows between unbounded preceding and current row
        ) as opening_no
    from days
),

final as (
    select
        employee_id,
        material_id,
        moved_on,
        lead(moved_on, 1, date '9999-12-31') over (partition by employee_id, material_id order by moved_on asc) as next_moved_on,
        openings > 0 as has_opening,
        opening_amount,
        received_amount,
        issued_amount,
        lost_amount,
        sum(opening_amount + received_amount - issued_amount - lost_amount) over (
            partition by employee_id, material_id, opening_no
            order by moved_on asc rows between unbounded preceding and current row
        ) as stock_amount
    from counted
)

select * from final
