{#-
    Nothing vanishes between the latest version and the canonical models: for each entity the rows of
    stg_files__<entity> are the rows of stg_<entity> and the rejections of that entity. `model` is the rejections.
-#}
{% test every_row_is_accounted_for(model, entities) %}

with counted as (
    {% for entity in entities -%}
    select
        '{{ entity }}' as entity,
        (select count(*) from {{ ref('stg_files__' ~ entity) }}) as latest_count,
        (select count(*) from {{ ref('stg_' ~ entity) }}) as canonical_count,
        (select count(*) from {{ model }} where source_table = '{{ entity }}') as rejected_count
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select *
from counted
where latest_count <> canonical_count + rejected_count

{% endtest %}
