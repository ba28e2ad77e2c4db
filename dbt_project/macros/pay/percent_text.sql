{#- A rate as readers write it: 0.045 is `4.5 %`. -#}
{% macro percent_text(rate) -%}
    {{ short_number('100 * ' ~ rate) }} || ' %'
{%- endmacro %}
