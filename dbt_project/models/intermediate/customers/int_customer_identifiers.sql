-- One row per customer record: the identifiers by which records of one customer find each other, in their normal form.
with person_types as (
    select distinct lower(value) as value
    from {{ source('plans', 'crediting_values') }}
    where list_name = 'person_types'
),

phones as (
    select * from {{ ref('int_spellings_normalised') }} where kind = 'phone'
),

credit_codes as (
    select * from {{ ref('int_spellings_normalised') }} where kind = 'credit_code'
),

company_names as (
    select * from {{ ref('int_spellings_normalised') }} where kind = 'company_name'
),

records as (
    select
        'customers' as source,
        customer_id as record_id,
        cast(null as {{ dbt.type_string() }}) as linked_customer_id,
        unified_credit_code,
        phone,
        name,
        customer_type
    from {{ ref('stg_customers') }}
    union all
    select
        'leads' as source,
        lead_id as record_id,
        customer_id as linked_customer_id,
        cast(null as {{ dbt.type_string() }}) as unified_credit_code,
        phone,
        company_name as name,
        customer_type
    from {{ ref('stg_leads') }}
    union all
    select
        'deals' as source,
        deal_id as record_id,
        customer_id as linked_customer_id,
        cast(null as {{ dbt.type_string() }}) as unified_credit_code,
        cast(null as {{ dbt.type_string() }}) as phone,
        cast(null as {{ dbt.type_string() }}) as name,
        cast(null as {{ dbt.type_string() }}) as customer_type
    from {{ ref('stg_deals') }}
    left join (select customer_id as known_customer_id from {{ ref('stg_customers') }}) as known
        on customer_id = known_customer_id
    where known_customer_id is null
),

final as (
    select
        records.source,
        records.record_id,
        records.linked_customer_id,
        credit_codes.normal_form as credit_code,
        phones.normal_form as phone,
        case when person_types.value is null then company_names.normal_form end as company_name
    from records
    left join phones on records.phone = phones.value
    left join credit_codes on records.unified_credit_code = credit_codes.value
    left join company_names on records.name = company_names.value
    left join person_types on lower(records.customer_type) = person_types.value
)

select * from final
