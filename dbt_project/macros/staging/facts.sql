{#-
    Facts are known up to the as-of time (docs/rules, R1). The cut is made here, once: each canonical model of a
    dated fact ends in `where {{ happened('<moment>') }}`, and its later stages come through `so_far`. No model above
    staging needs to think of it. Master data (people, customers, products, targets, plans, rates) are not cut.
    The moment of every fact is listed in stg_rejections.yml, where the rows are counted.
-#}

{#- Whether a fact had happened by the as-of time; a row without a moment is no later fact. -#}
{% macro happened(moment, relation='latest') -%}
    coalesce({{ relation }}.{{ moment }} <= {{ known_until(moment) }}, true)
{%- endmacro %}

{#- A value that belongs to a later stage of a fact; NULL while that stage lies after the as-of time. -#}
{% macro so_far(column, stage=none, relation='latest') -%}
    {%- set moment = stage or column -%}
    case when {{ happened(moment, relation) }} then {{ relation }}.{{ column }} end
{%- endmacro %}

{#- The as-of time in the kind of a column: a moment for `_at`, a business day for others. -#}
{% macro known_until(column) -%}
    {%- set bound = 'as_of' if column.endswith('_at') else 'as_of_date' -%}
    (select calculation.{{ bound }} from {{ ref('stg_calculation') }} as calculation)
{%- endmacro %}
