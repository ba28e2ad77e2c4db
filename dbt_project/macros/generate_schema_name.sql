{#- The schemas are the contract's own names (staging, intermediate, marts), never prefixed. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
