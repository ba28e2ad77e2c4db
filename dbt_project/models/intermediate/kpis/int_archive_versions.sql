-- One row per delivered version of a customer record that still exists, and the days at whose end it is the one known
-- (half-open): the latest delivery among those with an effective date by then, else the first (reading 28). Landing
-- time does not matter: a history imported today is still history.
with versions as (
    select
        resolved.customer_key,
        customers.created_date as recorded_on,
        history.*
    from {{ ref('stg_customers_history') }} as history
    inner join {{ ref('stg_customers') }} as customers on history.customer_id = customers.customer_id
    inner join {{ ref('int_customers_resolved') }} as resolved
        on history.customer_id = resolved.record_id and resolved.source = 'customers'
    where not history.is_deleted
),

ordered as (
    select
        versions.*,
        row_number() over (partition by customer_id order by load_seq asc, version_id asc) as delivery_no,
        min(effective_date) over (
            partition by customer_id
            order by load_seq asc, version_id asc
            rows between 1 following and unbounded following
        ) as next_effective_date
    from versions
),

final as (
    select
        version_id,
        customer_key,
        customer_id,
        recorded_on,
        name,
        customer_type,
        unified_credit_code,
        phone,
        contact_name,
        email,
        preference,
        {{ so_far('updated_date', 'updated_at', relation='ordered') }} as updated_date,
        case when delivery_no = 1 then date '1900-01-01' else effective_date end as known_from,
        coalesce(next_effective_date, date '9999-12-31') as known_to
    from ordered
)

select * from final
