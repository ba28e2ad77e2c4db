{#-
    One row per employee, component of the given types and month: days in a role the component covers, inside the
    plan's validity and employed, and the bonus base times those days. Columns: employee_id, plan_id, plan_hash,
    component_id, component_type, currency, period, starts_on, ends_on, days_in_period, days_in_role, bonus_base_days.
    Source: rulebook 4.4, 9; ends of roles count both days. `among`: a condition on assignments and components.
-#}
{% macro component_role_days(component_types, among='true') -%}
    select
        assignments.employee_id,
        components.plan_id,
        components.plan_hash,
        components.component_id,
        components.component_type,
        components.currency,
        months.period,
        months.starts_on,
        months.ends_on,
        months.days as days_in_period,
        sum({{ days_between(
            'greatest(assignments.valid_from, months.starts_on, components.valid_from)',
            'least(assignments.valid_to, months.next_starts_on, components.valid_to)'
        ) }}) as days_in_role,
        sum(coalesce(assignments.bonus_base, 0) * {{ days_between(
            'greatest(assignments.valid_from, months.starts_on, components.valid_from)',
            'least(assignments.valid_to, months.next_starts_on, components.valid_to)'
        ) }}) as bonus_base_days
    from {{ ref('int_assignments') }} as assignments
    inner join {{ ref('int_components') }} as components
        on assignments.department = components.department
        and (components.position = '' or components.position = assignments.position)
        and assignments.valid_from < components.valid_to
        and assignments.valid_to > components.valid_from
    inner join {{ ref('int_months') }} as months
        on assignments.valid_from < months.next_starts_on
        and assignments.valid_to > months.starts_on
        and components.valid_from < months.next_starts_on
        and components.valid_to > months.starts_on
    where components.component_type in ('{{ component_types | join("', '") }}') and {{ among }}
    group by
        assignments.employee_id,
        components.plan_id,
        components.plan_hash,
        components.component_id,
        components.component_type,
        components.currency,
        months.period,
        months.starts_on,
        months.ends_on,
        months.days
{%- endmacro %}
