{#- The least of some expressions, one per stage after the n-th; least ignores NULLs, and takes two at least. -#}
{% macro least_after(n, expression) -%}
    {%- set found = [] -%}
    {%- for later in range(n + 1, journey_stage_count() + 1) -%}
        {%- do found.append(expression | replace('#', later)) -%}
    {%- endfor -%}
    {{ found[0] if found | length == 1 else 'least(' ~ found | join(', ') ~ ')' }}
{%- endmacro %}

{#- What the stage after the n-th has whose first event is the one named. -#}
{% macro of_stage_after(n, event, column) -%}
    case {{ event }}
        {%- for later in range(n + 1, journey_stage_count() + 1) %}
        when event_id_{{ later }} then {{ column }}_{{ later }}
        {%- endfor %}
    end
{%- endmacro %}

{#- Stages a journey has; a policy names them by their ordinals from 1. -#}
{% macro journey_stage_count() -%}
    {{ return(6) }}
{%- endmacro %}
