with latest as (
    select * from {{ ref('stg_files__archive_checks') }}
),

final as (
    select
        latest.check_id,
        latest.customer_id,
        latest.field,
        latest.recorded_value,
        latest.verified_value,
        latest.is_correct,
        latest.checked_at,
        {{ business_date('latest.checked_at') }} as checked_date,
        latest.checked_by,
        {{ lineage('archive_checks', ['latest.check_id']) }}
    from latest
    where {{ happened('checked_at') }}
)

select * from final
