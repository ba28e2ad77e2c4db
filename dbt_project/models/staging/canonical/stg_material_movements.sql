with latest as (
    select * from {{ ref('stg_files__material_movements') }}
),

final as (
    select
        latest.movement_id,
        latest.material_id,
        {{ resolve_employee('owner_employee_id') }} as owner_employee_id,
        latest.owner_employee_id as owner_employee_id_raw,
        latest.moved_on,
        latest.kind,
        latest.quantity,
        latest.amount,
        {{ lineage('material_movements', ['latest.movement_id']) }}
    from latest
    {{ join_employees(['owner_employee_id']) }}
    where {{ happened('moved_on') }}
)

select * from final
