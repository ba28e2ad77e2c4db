-- One row per template with rows that lie after the as-of time: they are not computed (readings 42, 55).
{%- set moments = {
    'leads': 'created_at',
    'journey_events': 'occurred_at',
    'activities': 'started_at',
    'ownership_changes': 'changed_at',
    'deals': 'signed_at',
    'transactions': 'occurred_at',
    'archive_checks': 'checked_at',
    'ad_daily': 'date',
    'brand_surveys': 'surveyed_on',
    'product_inputs': 'submitted_at',
    'competitor_events': 'discovered_at',
    'policy_violations': 'occurred_on',
    'material_movements': 'moved_on',
    'material_requests': 'requested_at',
    'complaints': 'opened_at',
    'service_ratings': 'rated_at',
    'course_results': 'completed_at',
    'resolutions': 'decided_at',
} %}
with counted as (
    {%- for entity, moment in moments.items() %}
    select
        '{{ entity }}' as source_table,
        count(*) as row_count,
        cast(min(latest.{{ moment }}) as timestamp) as first_at
    from {{ ref('stg_files__' ~ entity) }} as latest
    where not {{ happened(moment) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        source_table,
        row_count,
        first_at
    from counted
    where row_count > 0
)

select * from final
