{#-
    The KPIs with a model, and their rows as one.

    Belongs here: which models there are. Does not belong here: their SQL (models/intermediate/kpis/catalogue), names and
    directions (plans/kpis.yml).
-#}

{#- One entry per file models/intermediate/kpis/catalogue/kpi_<id>.sql. -#}
{% macro kpi_models() -%}
    {{ return([
        'ad_conversion_rate',
        'ad_roas',
        'archive_accuracy',
        'archive_coverage',
        'archive_update_rate',
        'brand_awareness_lift',
        'click_through_rate',
        'competitor_response',
        'complaint_handling',
        'customer_acquisition_cost',
        'customer_return_rate',
        'customers_maintained',
        'deals_assisted',
        'impressions',
        'lead_conversion',
        'material_loss_rate',
        'material_request_hours',
        'material_turnover',
        'new_customer_amount',
        'new_customers',
        'product_input_adoption',
        'product_inputs',
        'rectification_rate',
        'repurchase_amount',
        'research_output',
        'sales_amount_attainment',
        'sales_volume_attainment',
        'service_rating',
        'transfer_rate',
        'valid_visits',
    ]) }}
{%- endmacro %}

{#- The rows of all KPI models with the KPI they are of. -#}
{% macro union_of_kpis() -%}
    {%- for kpi_id in kpi_models() %}
    {{ 'union all' if not loop.first }}
    select
        employee_id,
        period,
        '{{ kpi_id }}' as kpi_id,
        cast(numerator as decimal(28, 6)) as numerator,
        cast(denominator as decimal(28, 6)) as denominator,
        cast(value as decimal(28, 6)) as value,
        reason
    from {{ ref('kpi_' ~ kpi_id) }}
    {%- endfor %}
{%- endmacro %}

{#- Stops dbt when a model kpi_<id> is not in the list: it would be left out silently. -#}
{% macro check_kpi_models() -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('kpi_') -%}
            {%- if node.name[4:] not in kpi_models() -%}
                {{ exceptions.raise_compiler_error(
                    node.original_file_path ~ ' is not computed: add \'' ~ node.name[4:]
                    ~ '\' to the list in macros/kpis/kpi_models.sql.'
                ) }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
