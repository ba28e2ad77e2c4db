{#-
    Two CTEs with the setting of a KPI: `chosen`, one row per employee and month whose scorecard has the KPI, and `defaults`,
    one row, for everybody else. Columns value_text and value_number.
-#}
{% macro kpi_option(kpi_id, option_name) -%}
chosen as (
    select
        employee_id,
        period,
        value_text,
        value_number
    from {{ ref('int_kpi_options') }}
    where kpi_id = '{{ kpi_id }}' and option_name = '{{ option_name }}'
),

defaults as (
    select
        value_text,
        value_number
    from {{ source('plans', 'kpi_options') }}
    where plan_id = '' and kpi_id = '{{ kpi_id }}' and option_name = '{{ option_name }}'
)
{%- endmacro %}
