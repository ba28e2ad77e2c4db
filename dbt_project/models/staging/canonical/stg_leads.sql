with latest as (
    select * from {{ ref('stg_files__leads') }}
),

final as (
    select
        latest.lead_id,
        latest.customer_id,
        latest.company_name,
        latest.contact_name,
        latest.phone,
        latest.email,
        latest.wecom_id,
        latest.customer_type,
        latest.lead_type,
        latest.channel,
        latest.platform,
        latest.campaign_id,
        {{ resolve_employee('owner_employee_id') }} as owner_employee_id,
        latest.owner_employee_id as owner_employee_id_raw,
        latest.created_at,
        {{ business_date('latest.created_at') }} as created_date,
        {{ so_far('review_status', 'reviewed_at') }} as review_status,
        {{ so_far('review_reason', 'reviewed_at') }} as review_reason,
        {{ so_far('reviewed_at') }} as reviewed_at,
        {{ business_date(so_far('reviewed_at')) }} as reviewed_date,
        {{ lineage('leads', ['latest.lead_id']) }}
    from latest
    {{ join_employees(['owner_employee_id']) }}
    where {{ happened('created_at') }}
)

select * from final
