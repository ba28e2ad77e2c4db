{#-
    The setting by which a model follows changes, for `config(meta=recomputed(...))`; see statements.sql.
    `alike`: inputs that hold the groups in columns of the same names; `others`: all others, by name.
-#}
{% macro recomputed(by, alike=[], others={}, stamp={}, numbered=[]) %}
    {%- set inputs = {} -%}
    {%- for input in alike -%}
        {%- do inputs.update({input: by | join(', ')}) -%}
    {%- endfor -%}
    {%- do inputs.update(others if others is mapping else {}) -%} {#- the linter gives macros as texts #}
    {{ return({'recompute': {'by': by, 'inputs': inputs, 'stamp': stamp, 'numbered': numbered}}) }}
{% endmacro %}

{#- An input whose changes always come with changes of another one. -#}
{% macro follows_others() %}
    {{ return({'groups': none}) }}
{% endmacro %}

{#- Records (customers or leads) as input of a model whose groups are customers. -#}
{% macro records_of_customers(source, id) %}
    {%- set of_source = "source = '" ~ source ~ "' and " -%}
    {{ return({
        'groups': "select customer_key from {int_customers_resolved} where " ~ of_source ~ "record_id in (select " ~ id ~ " from {changes})",
        'where': id ~ " in (select record_id from {int_customers_resolved} where " ~ of_source ~ "customer_key in (from {scope}))",
    }) }}
{% endmacro %}
