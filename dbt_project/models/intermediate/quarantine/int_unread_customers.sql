-- One row per open row in quarantine and customer it may belong to: the one of the ids it names, and those of records with
-- the same credit code, phone or company name. A row that belongs to several of them joins them to one.
with unread as (
    select *
    from {{ ref('stg_open_quarantine') }}
    where source_table in (
        'customers', 'leads', 'deals', 'journey_events', 'ownership_changes', 'activities', 'archive_checks'
    )
),

spellings as (
    select * from {{ ref('int_spellings_normalised') }}
),

person_types as (
    select distinct lower(value) as value
    from {{ source('plans', 'crediting_values') }}
    where list_name = 'person_types'
),

alike as (
    {%- for kind, column, test, form in [
        ('phone', 'phone', is_ordinary_phone, ordinary_phone),
        ('credit_code', 'unified_credit_code', is_ordinary_credit_code, ordinary_credit_code),
        ('company_name', 'company_name', is_ordinary_company_name, ordinary_company_name),
    ] %}
    select
        unread.unread_id,
        records.own_key
    from unread
    left join spellings on spellings.kind = '{{ kind }}' and unread.{{ column }} = spellings.value
    left join person_types on lower(unread.customer_type) = person_types.value
    inner join {{ ref('int_customer_identifiers') }} as records
        on records.{{ kind }} = case
            {{ 'when person_types.value is not null then null' if kind == 'company_name' }}
            when {{ test('unread.' ~ column) }} then {{ form('unread.' ~ column) }}
            else spellings.normal_form
        end
    where unread.source_table in ('customers', 'leads')
    union all
    {%- endfor %}
    select
        unread_id,
        customer_id as own_key
    from unread
    where customer_id is not null
    union all
    select
        unread.unread_id,
        {{ own_key_of_lead('leads') }} as own_key
    from unread
    inner join {{ ref('stg_leads') }} as leads on unread.lead_id = leads.lead_id
),

found as (
    select distinct
        alike.unread_id,
        coalesce(keys.customer_key, alike.own_key) as customer_key
    from alike
    left join {{ ref('int_customer_keys') }} as keys on alike.own_key = keys.customer_id
),

final as (
    select
        unread_id,
        customer_key,
        count(*) over (partition by unread_id) > 1 as is_joining
    from found
)

select * from final
