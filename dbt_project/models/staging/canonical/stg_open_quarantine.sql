-- One row per row in quarantine that no later delivery brought well, with what of it can be read: from the import, and
-- accepted rows that contradict each other or come from the one person who approved them, once it is known who is who. A
-- fact after the as-of time is not known yet.
{%- set happened_at = {
    'leads': 'created_at', 'deals': 'signed_at', 'transactions': 'occurred_at', 'activities': 'started_at',
    'journey_events': 'occurred_at', 'ownership_changes': 'changed_at', 'archive_checks': 'checked_at',
    'product_inputs': 'submitted_at', 'competitor_events': 'discovered_at', 'material_requests': 'requested_at',
    'complaints': 'opened_at', 'service_ratings': 'rated_at', 'course_results': 'completed_at', 'resolutions': 'decided_at'
} %}
{%- set happened_on = {
    'ad_daily': 'date', 'brand_surveys': 'surveyed_on', 'policy_violations': 'occurred_on', 'material_movements': 'moved_on'
} %}
with quarantined as (
    select
        source_table,
        source_location,
        record_json,
        load_id,
        load_seq,
        unread_id
    from {{ ref('stg_unread_rows') }}
    union all
    select
        source_table,
        source_location,
        row_json as record_json,
        load_id,
        load_seq,
        load_id || '|' || source_location as unread_id
    from {{ ref('stg_rejections') }}
    where reason in ('conflicting_rows', 'same_person')
),

spoken as (
    select
        quarantined.*,
        case source_table
            {%- for entity, column in happened_at.items() %}
            when '{{ entity }}' then cast({{ json_text('record_json', column) }} as timestamp)
            {%- endfor %}
        end as happened_at,
        case source_table
            {%- for entity, column in happened_on.items() %}
            when '{{ entity }}' then cast({{ json_text('record_json', column) }} as date)
            {%- endfor %}
        end as happened_on,
        cast({{ json_text('record_json', 'issued_at') }} as timestamp) as issued_at
    from quarantined
),

final as (
    select
        unread_id,
        source_table,
        source_location,
        load_id,
        load_seq,
        record_json is not null as is_readable,
        record_json,
        happened_at,
        case
            when source_table = 'material_requests' then {{ business_date('issued_at') }}
            when source_table != 'resolutions' then coalesce(happened_on, {{ business_date('happened_at') }})
        end as counted_on,
        {%- for column in [
            'deal_id', 'customer_id', 'lead_id', 'currency', 'kpi_id', 'period', 'subject', 'subject_id', 'stage',
            'platform', 'campaign_id', 'phone', 'unified_credit_code', 'customer_type'
        ] %}
        {{ json_text('record_json', column) }} as {{ column }},
        {%- endfor %}
        coalesce({{ json_text('record_json', 'company_name') }}, {{ json_text('record_json', 'name') }}) as company_name,
        cast({{ json_text('record_json', 'valid_from') }} as date) as valid_from,
        case when source_table = 'fx_rates' then cast({{ json_text('record_json', 'date') }} as date) end as rate_date
    from spoken as latest
    where {{ happened('happened_at') }} and {{ happened('happened_on') }}
)

select * from final
