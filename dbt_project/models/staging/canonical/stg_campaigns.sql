with latest as (
    select * from {{ ref('stg_files__campaigns') }}
),

final as (
    select
        latest.platform,
        latest.campaign_id,
        latest.name,
        {{ resolve_employee('owner_employee_id') }} as owner_employee_id,
        latest.owner_employee_id as owner_employee_id_raw,
        latest.started_on,
        latest.ended_on,
        {{ lineage('campaigns', ['latest.platform', 'latest.campaign_id']) }}
    from latest
    {{ join_employees(['owner_employee_id']) }}
)

select * from final
