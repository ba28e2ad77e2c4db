{#-
    Flat pools of a deal: a rate of what is left, or a fixed award in proportion to it.

    Belongs here: the two ways a flat pool is rounded to fen. Does not belong here: whose rate it is.
-#}

{#- What of a fixed award an amount earns; NULL of a deal of nothing. -#}
{% macro award_of(fixed_amount, amount, base_amount) -%}
    {{ exact_div(
        'cast(' ~ fixed_amount ~ ' as decimal(18, 2)) * cast(' ~ amount ~ ' as decimal(20, 2))',
        'cast(' ~ base_amount ~ ' as decimal(20, 4))',
        2, 4
    ) }}
{%- endmacro %}

{#- The pool of several transactions: fixed award, and fen times 1e-12 at other rates. -#}
{% macro summed_pool(fixed_amount, awarded, base_amount, units) -%}
    cast(case
        when {{ fixed_amount }} is not null then coalesce({{ award_of(fixed_amount, awarded, base_amount) }}, 0)
        else {{ exact_div('cast(' ~ units ~ ' as decimal(38, 0))', '100000000000000', 2, 0) }}
    end as decimal(18, 2))
{%- endmacro %}
