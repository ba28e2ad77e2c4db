-- One row per record of a source that a payout line can rest on: the delivery that brought it and the hash of its row.
{%- set entities = [
    'activities', 'ad_daily', 'adjustments', 'archive_checks', 'brand_surveys', 'campaigns', 'competitor_events', 'complaints',
    'course_results', 'customers', 'deal_splits', 'deals', 'employee_assignments', 'employees', 'fx_rates', 'kpi_observations',
    'leads',
    'material_movements', 'material_requests', 'ownership_changes', 'policy_violations', 'product_inputs', 'resolutions',
    'service_ratings', 'targets', 'transactions'
] %}
{%- for entity in entities %}
select source, source_table, record_id, load_id, content_hash from {{ ref('stg_' ~ entity) }}
{{ 'union all' if not loop.last }}
{%- endfor %}
