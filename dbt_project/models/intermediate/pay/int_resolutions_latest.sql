-- One row per subject: the latest decision on it (rulebook 5, 10).
with ranked as (
    select
        subject,
        subject_id,
        decision,
        to_employee_id,
        decided_at,
        {{ period_of('decided_date') }} as decided_period,
        row_number() over (partition by subject, subject_id order by decided_at desc, resolution_id desc) as latest_no
    from {{ ref('stg_resolutions') }}
),

final as (
    select
        subject,
        subject_id,
        decision,
        to_employee_id,
        decided_at,
        decided_period
    from ranked
    where latest_no = 1
)

select * from final
