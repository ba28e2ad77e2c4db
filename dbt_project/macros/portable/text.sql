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

{#- Surrogate key: md5 over the columns as text, NULL as the empty text. One concat_ws takes half the time of many `||`. -#}
{% macro md5_key(columns) -%}
    md5(concat_ws('|', {% for column in columns %}coalesce(cast({{ column }} as {{ dbt.type_string() }}), ''){{ ', ' if not loop.last }}{% endfor %}))
{%- endmacro %}

{#- A text without what matches a pattern at its end; there is one such place, so both engines mean the same. -#}
{% macro without_end(expression, pattern) -%}
    regexp_replace({{ expression }}, '({{ pattern }})$', '')
{%- endmacro %}

{#- A text with an apostrophe as a literal: Spark reads two of them as the end of one text and the beginning of the next. -#}
{% macro text_literal(text) -%}
    {{ return(adapter.dispatch('text_literal')(text)) }}
{%- endmacro %}

{% macro duckdb__text_literal(text) -%}
    '{{ text | replace("'", "''") }}'
{%- endmacro %}

{% macro spark__text_literal(text) -%}
    '{{ text | replace("'", "\\'") }}'
{%- endmacro %}

{#- A figure for reading: at most so many places, no trailing zeros. -#}
{% macro short_number(expression, places=4) -%}
    {{ return(adapter.dispatch('short_number')(expression, places)) }}
{%- endmacro %}

{% macro duckdb__short_number(expression, places) -%}
    rtrim(rtrim(cast(cast(round({{ expression }}, {{ places }}) as decimal(28, {{ places }})) as varchar), '0'), '.')
{%- endmacro %}

{% macro spark__short_number(expression, places) -%}
    rtrim('.', rtrim('0', cast(cast(round({{ expression }}, {{ places }}) as decimal(28, {{ places }})) as string)))
{%- endmacro %}
