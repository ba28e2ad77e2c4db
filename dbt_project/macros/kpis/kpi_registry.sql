{#-
    Which KPI models there are, so that a new KPI is its own file and no list has to be kept.

    dbt orders models by the refs it finds when it parses, and knows the graph only when it executes. What it knows when
    it parses are the macros. So each KPI model holds one empty macro, `register_kpi_<id>`; `macro-paths` of the project
    includes `models`; and the refs are made from the names of those macros.

    Partial parsing does not see a new macro: after a KPI was added or removed the project must be parsed as a whole
    (`dbt --no-partial-parse …`; the pipeline does so by itself whenever a file of the project has changed). A KPI that
    is not read, for this reason or because its macro is missing, stops the run.

    Belongs here: finding the models. Does not belong here: their SQL.
-#}

{#- The rows of all KPI models with the KPI they are of, sorted by its name; no rows when there is no model. -#}
{% macro union_of_kpis() -%}
    {%- set kpi_ids = [] -%}
    {%- for name in context | default({}) if name.startswith('register_kpi_') -%}
        {%- do kpi_ids.append(name[13:]) -%}
    {%- endfor -%}
    {%- if execute -%}
        {{ check_registered_kpis(kpi_ids) }}
    {%- endif -%}
    select
        cast(null as {{ dbt.type_string() }}) as employee_id,
        cast(null as {{ dbt.type_string() }}) as period,
        cast(null as {{ dbt.type_string() }}) as kpi_id,
        cast(null as decimal(28, 6)) as numerator,
        cast(null as decimal(28, 6)) as denominator,
        cast(null as decimal(28, 6)) as value,
        cast(null as {{ dbt.type_string() }}) as reason
    where 1 = 0
    {%- for kpi_id in kpi_ids | sort %}
    union all
    select
        employee_id,
        period,
        '{{ kpi_id }}' as kpi_id,
        numerator,
        denominator,
        value,
        reason
    from {{ ref('kpi_' ~ kpi_id) }}
    {%- endfor %}
{%- endmacro %}

{#- Every KPI model as an input whose changes touch rows of this KPI (macros/changes). -#}
{% macro kpi_inputs() -%}
    {%- set found = {} -%}
    {%- for name in context | default({}) if name.startswith('register_kpi_') -%}
        {%- do found.update({'kpi_' ~ name[13:]: {'groups': "select employee_id, period, '" ~ name[13:] ~ "' from {changes}"}}) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- Stops when a model named kpi_<id> has no macro register_kpi_<id>: it would be left out without a word. -#}
{% macro check_registered_kpis(kpi_ids) -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('kpi_') -%}
        {%- if node.name[4:] not in kpi_ids -%}
            {{ exceptions.raise_compiler_error(
                node.original_file_path ~ ' would be left out: dbt knows no macro register_' ~ node.name ~ '. Either the file '
                ~ 'has none (an empty one, as in the other KPIs), or it was added since dbt parsed the whole project: run '
                ~ 'dbt once with --no-partial-parse.'
            ) }}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
