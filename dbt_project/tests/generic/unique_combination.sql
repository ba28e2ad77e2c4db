{#-
    The grain of a model: no two rows agree in all of `columns`. NULL equals NULL, so that an empty part of a key does
    not hide a duplicate. Returns one row per combination that occurs more than once, and how often.
-#}
{% test unique_combination(model, columns) %}

select
    {{ columns | join(',\n    ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
