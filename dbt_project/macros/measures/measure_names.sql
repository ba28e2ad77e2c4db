{#- The measures of employees and teams (compensation/model/kpi_catalogue.py); any other name of a plan is a KPI. -#}
{% macro measure_names() -%}
    {{ return([
        'sales_amount',
        'counted_sales_amount',
        'new_customer_amount',
        'repurchase_amount',
        'new_customers',
        'units',
        'deals_assisted',
        'customers_maintained',
        'valid_leads',
        'valid_visits',
    ]) }}
{%- endmacro %}

{#- Whether a name of a plan is a measure or a KPI. -#}
{% macro figure_kind(name) -%}
    case when {{ name }} in ('{{ measure_names() | join("', '") }}') then 'measure' else 'kpi' end
{%- endmacro %}
