-- One row per customer and stretch of time with one owner. The first owner holds from the beginning of time.
with changes as (
    select
        coalesce(keys.customer_key, changes.customer_id) as customer_key,
        changes.change_id,
        changes.from_employee_id,
        changes.to_employee_id,
        changes.changed_at,
        row_number() over (
            partition by coalesce(keys.customer_key, changes.customer_id)
            order by changes.changed_at asc, changes.change_id asc
        ) as change_no,
        lead(changes.changed_at) over (
            partition by coalesce(keys.customer_key, changes.customer_id)
            order by changes.changed_at asc, changes.change_id asc
        ) as next_changed_at
    from {{ ref('stg_ownership_changes') }} as changes
    left join {{ ref('int_customer_keys') }} as keys on changes.customer_id = keys.customer_id
),

customers as (
    select
        coalesce(keys.customer_key, customers.customer_id) as customer_key,
        customers.owner_employee_id,
        row_number() over (
            partition by coalesce(keys.customer_key, customers.customer_id) order by customers.customer_id asc
        ) as record_no
    from {{ ref('stg_customers') }} as customers
    left join {{ ref('int_customer_keys') }} as keys on customers.customer_id = keys.customer_id
    where customers.owner_employee_id is not null
),

without_changes as (
    select
        customers.customer_key,
        customers.owner_employee_id
    from customers
    left join (select distinct customer_key from changes) as changed
        on customers.customer_key = changed.customer_key
    where changed.customer_key is null and customers.record_no = 1
),

final as (
    select
        customer_key,
        from_employee_id as owner_employee_id,
        timestamp '1900-01-01 00:00:00' as valid_from,
        changed_at as valid_to,
        cast(null as {{ dbt.type_string() }}) as change_id
    from changes
    where change_no = 1 and from_employee_id is not null
    union all
    select
        customer_key,
        to_employee_id as owner_employee_id,
        changed_at as valid_from,
        coalesce(next_changed_at, timestamp '9999-12-31 00:00:00') as valid_to,
        change_id
    from changes
    union all
    select
        customer_key,
        owner_employee_id,
        timestamp '1900-01-01 00:00:00' as valid_from,
        timestamp '9999-12-31 00:00:00' as valid_to,
        cast(null as {{ dbt.type_string() }}) as change_id
    from without_changes
)

select * from final
