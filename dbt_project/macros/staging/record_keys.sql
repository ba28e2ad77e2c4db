{#- The key columns of every template, as its model stg_files__<template> names them. -#}
{% macro record_keys() -%}
    {{ return({
        'activities': ['activity_id'],
        'ad_daily': ['platform', 'campaign_id', 'date'],
        'adjustments': ['adjustment_id'],
        'archive_checks': ['check_id'],
        'brand_surveys': ['survey_id'],
        'campaigns': ['platform', 'campaign_id'],
        'competitor_events': ['event_id'],
        'complaints': ['complaint_id'],
        'course_results': ['employee_id', 'course_id', 'attempt'],
        'courses': ['course_id'],
        'customers': ['customer_id'],
        'deal_splits': ['deal_id', 'employee_id', 'pool'],
        'deals': ['deal_id'],
        'disputes': ['dispute_id'],
        'employee_assignments': ['employee_id', 'valid_from'],
        'employees': ['employee_id'],
        'fx_rates': ['currency', 'date'],
        'journey_events': ['event_id'],
        'kpi_observations': ['employee_id', 'kpi_id', 'period'],
        'leads': ['lead_id'],
        'material_movements': ['movement_id'],
        'material_requests': ['request_id'],
        'ownership_changes': ['change_id'],
        'policy_violations': ['violation_id'],
        'principals': ['login'],
        'product_inputs': ['input_id'],
        'resolutions': ['resolution_id'],
        'service_ratings': ['rating_id'],
        'source_users': ['source', 'source_user_id'],
        'targets': ['employee_id', 'kpi_id', 'period'],
        'transactions': ['transaction_id'],
    }) }}
{%- endmacro %}

{#- The templates that a payout line can rest on, in the order of their names. -#}
{% macro templates_behind_lines() -%}
    {{ return(record_keys().keys() | reject('in', ['courses', 'journey_events', 'principals', 'source_users']) | list) }}
{%- endmacro %}
