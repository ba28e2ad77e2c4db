with latest as (
    select * from {{ ref('stg_files__service_ratings') }}
),

final as (
    select
        latest.rating_id,
        {{ resolve_employee('employee_id') }} as employee_id,
        latest.employee_id as employee_id_raw,
        latest.rated_at,
        {{ business_date('latest.rated_at') }} as rated_date,
        latest.rating,
        {{ lineage('service_ratings', ['latest.rating_id']) }}
    from latest
    {{ join_employees(['employee_id']) }}
    where {{ happened('rated_at') }}
)

select * from final
