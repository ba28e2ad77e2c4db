with latest as (
    select * from {{ ref('stg_files__customers') }}
),

final as (
    select
        latest.customer_id,
        latest.name,
        latest.customer_type,
        latest.unified_credit_code,
        latest.phone,
        latest.contact_name,
        latest.email,
        latest.preference,
        {{ resolve_employee('owner_employee_id') }} as owner_employee_id,
        latest.owner_employee_id as owner_employee_id_raw,
        latest.referred_by_customer_id,
        latest.created_at,
        {{ business_date('latest.created_at') }} as created_date,
        latest.updated_at,
        {{ business_date('latest.updated_at') }} as updated_date,
        {{ lineage('customers', ['latest.customer_id']) }}
    from latest
    {{ join_employees(['owner_employee_id']) }}
)

select * from final
