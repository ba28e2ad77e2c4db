-- One row per plan component and department (and position, '' = any) it applies to. Half-open validity.
with limited as (
    select distinct plan_hash, component_id from {{ source('plans', 'component_departments') }}
),

final as (
    select
        components.plan_id,
        components.plan_hash,
        components.component_id,
        components.component_type,
        components.pool,
        components.currency,
        departments.department,
        departments.position,
        components.valid_from,
        components.valid_to
    from {{ source('plans', 'components') }} as components
    inner join {{ source('plans', 'plan_departments') }} as departments
        on components.plan_hash = departments.plan_hash
    left join limited
        on components.plan_hash = limited.plan_hash and components.component_id = limited.component_id
    left join {{ source('plans', 'component_departments') }} as component_departments
        on components.plan_hash = component_departments.plan_hash
        and components.component_id = component_departments.component_id
        and departments.department = component_departments.department
    where limited.component_id is null or component_departments.department is not null
)

select * from final
