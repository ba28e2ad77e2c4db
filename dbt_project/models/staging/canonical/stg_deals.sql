with latest as (
    select * from {{ ref('stg_files__deals') }}
),

final as (
    select
        latest.deal_id,
        latest.customer_id,
        {{ resolve_employee('owner_employee_id') }} as owner_employee_id,
        latest.owner_employee_id as owner_employee_id_raw,
        latest.amount,
        latest.currency,
        latest.units,
        latest.signed_at,
        {{ business_date('latest.signed_at') }} as signed_date,
        latest.status,
        latest.claimed_source,
        latest.referrer_customer_id,
        latest.product,
        latest.deal_kind,
        {{ lineage('deals', ['latest.deal_id']) }}
    from latest
    {{ join_employees(['owner_employee_id']) }}
)

select * from final
