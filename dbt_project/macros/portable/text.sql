{#- Text and keys. -#}

{#- Values of a group joined in their own order. -#}
{% macro string_agg_ordered(expression, separator) -%}
    {{ return(adapter.dispatch('string_agg_ordered')(expression, separator)) }}
{%- endmacro %}

{% macro duckdb__string_agg_ordered(expression, separator) -%}
    array_to_string(list_sort(list({{ expression }}) filter ({{ expression }} is not null)), '{{ separator }}')
{%- endmacro %}

{% macro spark__string_agg_ordered(expression, separator) -%}
    array_join(sort_array(collect_list({{ expression }})), '{{ separator }}')
{%- endmacro %}

{#- Surrogate key: md5 over the columns as text, NULL as the empty text. -#}
{% macro md5_key(columns) -%}
    md5({% for column in columns %}coalesce(cast({{ column }} as {{ dbt.type_string() }}), ''){% if not loop.last %} || '|' || {% endif %}{% endfor %})
{%- endmacro %}

{#- A text without what matches a pattern at its end; there is one such place, so both engines mean the same. -#}
{% macro without_end(expression, pattern) -%}
    regexp_replace({{ expression }}, '({{ pattern }})$', '')
{%- endmacro %}
