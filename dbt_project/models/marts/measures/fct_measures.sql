-- One row per employee or team (`team:ID`), month and measure. Everybody employed in the month has a row for every
-- measure (0: no result); a missing row means not employed.
with found as (
    select * from {{ ref('int_measures_found') }}
),

measures as (
    select 'sales_amount' as measure
    union all select 'counted_sales_amount'
    union all select 'new_customer_amount'
    union all select 'repurchase_amount'
    union all select 'new_customers'
    union all select 'units'
    union all select 'deals_assisted'
    union all select 'customers_maintained'
    union all select 'valid_leads'
    union all select 'valid_visits'
),

members as (
    select employee_id, period from {{ ref('int_employee_periods') }}
    union
    select
        'team:' || team_id as employee_id,
        period
    from {{ ref('int_employee_periods') }}
    where team_id is not null
    union
    select found.employee_id, found.period
    from found
    inner join {{ ref('int_periods') }} as periods on found.period = periods.period
),

final as (
    select
        members.employee_id,
        members.period,
        measures.measure,
        coalesce(found.value, cast(0 as decimal(28, 6))) as value
    from members
    cross join measures
    left join found
        on members.employee_id = found.employee_id
        and members.period = found.period
        and measures.measure = found.measure
)

select * from final
