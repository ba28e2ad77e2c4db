-- One row per phone number, credit code and company name whose spelling is out of the ordinary: what Python normalises.
{%- set columns = [
    ('phone', 'stg_customers', 'phone'),
    ('phone', 'stg_leads', 'phone'),
    ('credit_code', 'stg_customers', 'unified_credit_code'),
    ('company_name', 'stg_customers', 'name'),
    ('company_name', 'stg_leads', 'company_name'),
    ('phone', 'stg_open_quarantine', 'phone'),
    ('credit_code', 'stg_open_quarantine', 'unified_credit_code'),
    ('company_name', 'stg_open_quarantine', 'company_name'),
] %}
{% for kind, model, column in columns %}
select
    '{{ kind }}' as kind,
    {{ column }} as value
from {{ ref(model) }}
where coalesce({{ column }}, '') != ''
    and not {{ {
        'phone': is_ordinary_phone,
        'credit_code': is_ordinary_credit_code,
        'company_name': is_ordinary_company_name,
    }[kind](column) }}
{{ 'union' if not loop.last }}
{% endfor %}
union
select
    'company_name' as kind,
    value
from {{ source('plans', 'crediting_values') }}
where list_name = 'placeholder_names' and not {{ is_ordinary_company_name('value') }}
