{#- None of the columns is NULL: one query a model instead of one a column. -#}
{% test never_null(model, columns) %}

select *
from {{ model }}
where {% for column in columns %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %}

{% endtest %}
