-- One row per customer record and completed delivery that held it: every version, the latest and the deleted included.
with versions as (
    select
        customers.*,
        loads.landed_at,
        coalesce(loads.source, 'files') as _source
    from {{ source('files', 'customers') }} as customers
    inner join {{ source('files', 'loads') }} as loads on customers._load_id = loads.load_id
),

resolved as (
    select
        latest.customer_id,
        latest.name,
        latest.customer_type,
        latest.unified_credit_code,
        latest.phone,
        latest.contact_name,
        latest.email,
        latest.preference,
        {{ resolve_employee('owner_employee_id') }} as owner_employee_id,
        latest.owner_employee_id as owner_employee_id_raw,
        latest.referred_by_customer_id,
        latest.created_at,
        latest.updated_at,
        latest.landed_at,
        coalesce(latest._is_deleted, false) as is_deleted,
        case
            when latest._is_deleted then latest.landed_at
            else coalesce(latest.updated_at, latest.created_at)
        end as effective_at,
        {{ lineage('customers', ['latest.customer_id']) }}
    from versions as latest
    {{ join_employees(['owner_employee_id']) }}
),

-- what a later delivery says replaces an earlier one, also from a date before the earlier one's
ordered as (
    select
        resolved.*,
        row_number() over (partition by resolved.customer_id order by resolved.load_seq asc) as version_no,
        row_number() over (partition by resolved.customer_id order by resolved.load_seq desc) as versions_left,
        min(resolved.effective_at) over (
            partition by resolved.customer_id
            order by resolved.load_seq asc
            rows between 1 following and unbounded following
        ) as next_effective_at
    from resolved
),

final as (
    select
        customer_id || '|' || cast(load_seq as {{ dbt.type_string() }}) as version_id,
        customer_id,
        version_no,
        versions_left = 1 as is_latest,
        is_deleted,
        name,
        customer_type,
        unified_credit_code,
        phone,
        contact_name,
        email,
        preference,
        owner_employee_id,
        owner_employee_id_raw,
        referred_by_customer_id,
        created_at,
        {{ business_date('created_at') }} as created_date,
        updated_at,
        {{ business_date('updated_at') }} as updated_date,
        landed_at,
        effective_at,
        {{ business_date('effective_at') }} as effective_date,
        case when version_no = 1 and not is_deleted then created_at else effective_at end as valid_from,
        coalesce(next_effective_at, timestamp '9999-12-31 00:00:00') as valid_to,
        source,
        source_table,
        record_id,
        load_id,
        load_seq,
        content_hash,
        source_location
    from ordered
)

select * from final
