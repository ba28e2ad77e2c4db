-- One row per row in quarantine that no later delivery brought well, with what of it can be read: from the import, and
-- accepted rows that contradict each other or come from the one person who approved them, once it is known who is who. A
-- fact after the as-of time is not known yet. The accepted version of a fact whose newer one is in quarantine stands beside
-- it (`is_former`): what it names rests on the newer one as well.
{%- set happened_at = {
    'leads': 'created_at', 'deals': 'signed_at', 'transactions': 'occurred_at', 'activities': 'started_at',
    'journey_events': 'occurred_at', 'ownership_changes': 'changed_at', 'archive_checks': 'checked_at',
    'product_inputs': 'submitted_at', 'competitor_events': 'discovered_at', 'material_requests': 'requested_at',
    'complaints': 'opened_at', 'service_ratings': 'rated_at', 'course_results': 'completed_at', 'resolutions': 'decided_at'
} %}
{%- set happened_on = {
    'ad_daily': 'date', 'brand_surveys': 'surveyed_on', 'policy_violations': 'occurred_on', 'material_movements': 'moved_on'
} %}
{#- the key first -#}
{%- set facts = {
    'activities': ['activity_id', 'customer_id', 'employee_id', 'deal_id', 'started_at'],
    'adjustments': ['adjustment_id', 'employee_id', 'period'],
    'archive_checks': ['check_id', 'customer_id', 'checked_at'],
    'brand_surveys': ['survey_id', 'owner_employee_id', 'surveyed_on'],
    'competitor_events': ['event_id', 'employee_id', 'discovered_at'],
    'complaints': ['complaint_id', 'customer_id', 'employee_id', 'opened_at'],
    'journey_events': ['event_id', 'customer_id', 'lead_id', 'deal_id', 'employee_id', 'stage', 'occurred_at'],
    'leads': [
        'lead_id', 'customer_id', 'company_name', 'phone', 'customer_type', 'platform', 'campaign_id', 'owner_employee_id',
        'created_at'
    ],
    'material_movements': ['movement_id', 'owner_employee_id', 'moved_on'],
    'material_requests': ['request_id', 'handler_employee_id', 'requested_at', 'issued_at'],
    'ownership_changes': ['change_id', 'customer_id', 'from_employee_id', 'to_employee_id', 'changed_at'],
    'policy_violations': ['violation_id', 'employee_id', 'occurred_on'],
    'product_inputs': ['input_id', 'employee_id', 'submitted_at'],
    'service_ratings': ['rating_id', 'employee_id', 'rated_at']
} %}
with quarantined as (
    select
        source,
        source_table,
        source_location,
        record_json,
        load_id,
        load_seq,
        unread_id
    from {{ ref('stg_unread_rows') }}
    union all
    select
        source,
        source_table,
        source_location,
        row_json as record_json,
        load_id,
        load_seq,
        load_id || '|' || source_location as unread_id
    from {{ ref('stg_rejections') }}
    where reason in ('conflicting_rows', 'same_person')
),

versions as (
    select
        quarantined.*,
        false as is_former
    from quarantined
    {%- for entity, columns in facts.items() %}
    union all
    select
        quarantined.source,
        quarantined.source_table,
        quarantined.source_location,
        {{ row_json('latest', columns) }} as record_json,
        quarantined.load_id,
        quarantined.load_seq,
        quarantined.unread_id || '|former' as unread_id,
        true as is_former
    from quarantined
    inner join {{ ref('stg_files__' ~ entity) }} as latest
        on {{ json_text('quarantined.record_json', columns[0]) }} = latest.{{ columns[0] }}
    where quarantined.source_table = '{{ entity }}'
    {%- endfor %}
),

spoken as (
    select
        versions.*,
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
    from versions
),

final as (
    select
        unread_id,
        source,
        is_former,
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
