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
