-- One row per lead whose owner was in one of the policy's origination departments on the day of the lead; who owns it
-- is unknown where the owner is UNRESOLVED, and what is at stake must be seen.
with leads as (
    select
        leads.lead_id,
        leads.customer_key,
        leads.owner_employee_id,
        leads.created_at,
        leads.created_date,
        leads.channel,
        leads.lead_type,
        leads.policy_id,
        validity.is_valid,
        validity.reasons,
        validity.became_valid_at
    from {{ ref('int_lead_facts') }} as leads
    inner join {{ ref('fct_lead_validity') }} as validity on leads.lead_id = validity.lead_id
),

departments as (
    select
        policy_id,
        value as department
    from {{ source('plans', 'crediting_values') }}
    where list_name = 'origination_departments'
),

final as (
    select distinct
        leads.lead_id,
        leads.customer_key,
        leads.owner_employee_id,
        leads.created_at,
        leads.created_date,
        leads.channel,
        leads.lead_type,
        leads.is_valid,
        leads.became_valid_at,
        leads.is_valid or leads.reasons = 'duplicate' as is_touch
    from leads
    left join {{ ref('int_assignments') }} as assignments
        on leads.owner_employee_id = assignments.employee_id
        and leads.created_date >= assignments.valid_from
        and leads.created_date < assignments.role_valid_to
    left join departments
        on leads.policy_id = departments.policy_id and assignments.department = departments.department
    where departments.department is not null or leads.owner_employee_id = 'UNRESOLVED'
)

select * from final
