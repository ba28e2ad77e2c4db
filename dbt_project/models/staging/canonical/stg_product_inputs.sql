with latest as (
    select * from {{ ref('stg_files__product_inputs') }}
),

final as (
    select
        latest.input_id,
        {{ resolve_employee('employee_id') }} as employee_id,
        latest.employee_id as employee_id_raw,
        latest.submitted_at,
        {{ business_date('latest.submitted_at') }} as submitted_date,
        {{ so_far('adopted_at') }} as adopted_at,
        {{ business_date(so_far('adopted_at')) }} as adopted_date,
        {{ lineage('product_inputs', ['latest.input_id']) }}
    from latest
    {{ join_employees(['employee_id']) }}
    where {{ happened('submitted_at') }}
)

select * from final
