-- One row per phone number as written anywhere.
select phone from {{ ref('stg_customers') }} where coalesce(phone, '') != ''
union
select phone from {{ ref('stg_leads') }} where coalesce(phone, '') != ''
