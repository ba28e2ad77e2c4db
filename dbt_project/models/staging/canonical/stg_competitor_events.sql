with latest as (
    select * from {{ ref('stg_files__competitor_events') }}
),

final as (
    select
        latest.event_id,
        {{ resolve_employee('employee_id') }} as employee_id,
        latest.employee_id as employee_id_raw,
        latest.discovered_at,
        {{ business_date('latest.discovered_at') }} as discovered_date,
        {{ so_far('reported_at') }} as reported_at,
        {{ business_date(so_far('reported_at')) }} as reported_date,
        latest.has_features,
        latest.has_target_users,
        latest.has_impact,
        latest.has_advice,
        {{ lineage('competitor_events', ['latest.event_id']) }}
    from latest
    {{ join_employees(['employee_id']) }}
    where {{ happened('discovered_at') }}
)

select * from final
