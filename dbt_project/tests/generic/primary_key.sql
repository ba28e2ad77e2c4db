{#-
    The key of a model: no two rows agree in all of `columns`, and none of these is NULL. Returns one row per value of the
    key that breaks this, and how many rows have it.
-#}
{% test primary_key(model, columns) %}

select
    {{ columns | join(',\n    ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1{% for column in columns %} or {{ column }} is null{% endfor %}

{% endtest %}
