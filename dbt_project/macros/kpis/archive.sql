{#-
    Fields of the customer archive.

    Belongs here: when a field counts as filled, and what is asked of people without a scorecard. Does not belong here:
    which fields a plan asks for (source `plans`, archive_fields).
-#}

{#- 1 where a record has the field filled; the greatest over the records of a customer: where one of them has. -#}
{% macro is_filled(column) -%}
    case when coalesce(trim({{ column }}), '') != '' then 1 else 0 end
{%- endmacro %}

{#- Over the fields that are asked for: 1 where the field is one of them. -#}
{% macro is_needed(column, field) -%}
    max(case when {{ column }} = '{{ field }}' then 1 else 0 end)
{%- endmacro %}

{#- The names of the fields needed by people whom no scorecard plan covers, one row each: column field. -#}
{% macro default_archive_fields() -%}
    {%- for field in var('default_archive_fields') -%}
        select cast('{{ field }}' as {{ dbt.type_string() }}) as field
        {{- ' union all ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
