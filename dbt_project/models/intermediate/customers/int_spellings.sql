{{ config(meta=recomputed(
    by=['kind', 'value'],
    others={
        'stg_customers': {
            'groups': "select 'phone', phone from {changes} union all select 'credit_code', unified_credit_code from {changes} union all select 'company_name', name from {changes}",
            'where': "phone in (select value from {scope}) or unified_credit_code in (select value from {scope}) or name in (select value from {scope})"
        },
        'stg_leads': {
            'groups': "select 'phone', phone from {changes} union all select 'company_name', company_name from {changes}",
            'where': "phone in (select value from {scope}) or company_name in (select value from {scope})"
        }
    }
)) }}
-- One row per phone number, credit code and company name as written anywhere: what has a normal form.
select 'phone' as kind, phone as value from {{ ref('stg_customers') }} where coalesce(phone, '') != ''
union
select 'phone' as kind, phone as value from {{ ref('stg_leads') }} where coalesce(phone, '') != ''
union
select 'credit_code' as kind, unified_credit_code as value
from {{ ref('stg_customers') }}
where coalesce(unified_credit_code, '') != ''
union
select 'company_name' as kind, name as value from {{ ref('stg_customers') }} where coalesce(name, '') != ''
union
select 'company_name' as kind, company_name as value from {{ ref('stg_leads') }} where coalesce(company_name, '') != ''
