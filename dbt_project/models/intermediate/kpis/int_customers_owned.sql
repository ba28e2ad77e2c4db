-- One row per customer and month at whose end it was on record and had an owner.
with recorded as (
    select
        resolved.customer_key,
        min(customers.created_date) as recorded_on
    from {{ ref('stg_customers') }} as customers
    inner join {{ ref('int_customers_resolved') }} as resolved
        on customers.customer_id = resolved.record_id and resolved.source = 'customers'
    group by resolved.customer_key
),

owners as (
    select
        customer_key,
        owner_employee_id,
        {{ business_date('valid_from') }} as owned_from,
        {{ business_date('valid_to') }} as owned_to
    from {{ ref('int_ownership') }}
    where owner_employee_id is not null
),

final as (
    select
        owners.customer_key,
        periods.period,
        periods.starts_on,
        periods.ends_on,
        owners.owner_employee_id as employee_id
    from owners
    inner join recorded on owners.customer_key = recorded.customer_key
    inner join {{ ref('int_periods') }} as periods
        on owners.owned_from <= periods.ends_on
        and owners.owned_to > periods.ends_on
        and recorded.recorded_on <= periods.ends_on
)

select * from final
