-- A row in quarantine whose key cannot be read holds nothing, for nobody knows what depends on it: a person has to look at
-- it before the period is approved (reading 41).
{{ config(severity='warn') }}

select * from {{ ref('open_quarantine') }} where not is_key_readable
