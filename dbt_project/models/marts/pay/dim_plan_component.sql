-- One row per component of a plan in force, department and position ('' = any) that it applies to. Half-open validity.
select
    components.plan_id,
    components.plan_hash,
    components.component_id,
    components.component_type,
    ordered.ordinal,
    components.department,
    components.position,
    components.valid_from,
    components.valid_to
from {{ ref('int_components') }} as components
inner join {{ source('plans', 'components') }} as ordered
    on components.plan_hash = ordered.plan_hash and components.component_id = ordered.component_id
