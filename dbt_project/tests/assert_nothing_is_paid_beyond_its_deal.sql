-- Invoices and payments beyond the amount of their deal are not credited; somebody should look at the deal (`above_deal`,
-- reading 44).
{{ config(severity='warn') }}

select * from {{ ref('above_deal') }}
