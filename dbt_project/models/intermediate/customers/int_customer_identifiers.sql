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

-- names that say there is none, as the plans list them; without any plan as the default does
placeholders as (
    select distinct
        case
            when {{ is_ordinary_company_name('listed.value') }} then {{ ordinary_company_name('listed.value') }}
            else company_names.normal_form
        end as company_name
    from {{ source('plans', 'crediting_values') }} as listed
    left join company_names on listed.value = company_names.value
    where listed.list_name = 'placeholder_names'
        and (
            listed.plan_id != ''
            or not exists (select 1 from {{ source('plans', 'crediting_policies') }} as policies where policies.plan_id != '')
        )
),

records as (
    select
        'customers' as source,
        customer_id as record_id,
        customer_id as own_key,
        unified_credit_code,
        phone,
        name,
        customer_type
    from {{ ref('stg_customers') }}
    union all
    select
        'leads' as source,
        leads.lead_id as record_id,
        {{ own_key_of_lead('leads') }} as own_key,
        cast(null as {{ dbt.type_string() }}) as unified_credit_code,
        phone,
        company_name as name,
        customer_type
    from {{ ref('stg_leads') }} as leads
    union all
    select
        'deals' as source,
        deal_id as record_id,
        customer_id as own_key,
        cast(null as {{ dbt.type_string() }}) as unified_credit_code,
        cast(null as {{ dbt.type_string() }}) as phone,
        cast(null as {{ dbt.type_string() }}) as name,
        cast(null as {{ dbt.type_string() }}) as customer_type
    from {{ ref('stg_deals') }}
    left join (select customer_id as known_customer_id from {{ ref('stg_customers') }}) as known
        on customer_id = known_customer_id
    where known_customer_id is null
),

normalised as (
    select
        records.source,
        records.record_id,
        records.own_key,
        case
            when {{ is_ordinary_credit_code('records.unified_credit_code') }}
                then {{ ordinary_credit_code('records.unified_credit_code') }}
            else credit_codes.normal_form
        end as credit_code,
        case
            when {{ is_ordinary_phone('records.phone') }} then {{ ordinary_phone('records.phone') }}
            else phones.normal_form
        end as phone,
        case
            when person_types.value is not null then null
            when {{ is_ordinary_company_name('records.name') }} then {{ ordinary_company_name('records.name') }}
            else company_names.normal_form
        end as company_name
    from records
    left join phones on records.phone = phones.value
    left join credit_codes on records.unified_credit_code = credit_codes.value
    left join company_names on records.name = company_names.value
    left join person_types on lower(records.customer_type) = person_types.value
),

final as (
    select
        normalised.source,
        normalised.record_id,
        normalised.own_key,
        normalised.credit_code,
        normalised.phone,
        case when placeholders.company_name is null then normalised.company_name end as company_name
    from normalised
    left join placeholders on normalised.company_name = placeholders.company_name
)

select * from final
