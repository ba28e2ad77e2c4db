-- One row per employee and month of the audit: archive fields found correct, per field checked, of customers the employee
-- owned at the check.
with checks as (
    select
        checks.check_id,
        checks.checked_at,
        {{ period_of('checks.checked_date') }} as period,
        coalesce(checks.is_correct, false) as is_correct,
        coalesce(keys.customer_key, checks.customer_id) as customer_key
    from {{ ref('stg_archive_checks') }} as checks
    left join {{ ref('int_customer_keys') }} as keys on checks.customer_id = keys.customer_id
),

owned as (
    select
        checks.period,
        checks.is_correct,
        coalesce(ownership.owner_employee_id, 'UNRESOLVED') as employee_id
    from checks
    left join {{ ref('int_ownership') }} as ownership
        on checks.customer_key = ownership.customer_key
        and checks.checked_at >= ownership.valid_from
        and checks.checked_at < ownership.valid_to
),

facts as (
    select
        employee_id,
        period,
        sum(case when is_correct then 1 else 0 end) as numerator,
        count(*) as denominator
    from owned
    group by employee_id, period
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
