with latest as (
    select * from {{ ref('stg_files__journey_events') }}
),

final as (
    select
        latest.event_id,
        latest.customer_id,
        latest.lead_id,
        latest.deal_id,
        latest.stage,
        latest.occurred_at,
        {{ business_date('latest.occurred_at') }} as occurred_date,
        {{ resolve_employee('employee_id') }} as employee_id,
        latest.employee_id as employee_id_raw,
        {{ lineage('journey_events', ['latest.event_id']) }}
    from latest
    {{ join_employees(['employee_id']) }}
    where {{ happened('occurred_at') }}
)

select * from final
