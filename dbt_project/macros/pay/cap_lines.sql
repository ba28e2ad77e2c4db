{#-
    Cap lines of a relation of payable lines with employee_id, period, origin_period, currency, amount, cap_amount,
    cap_excess and the grouping `keys`. Lost excess: per month of origin, paid = min(cap, sum so far), a line is the
    change of paid minus the change of the sum. Carried excess: carry = max(0, carry + month - cap), the walk
    reflected at zero; a line is the carry before minus the carry after. Rulebook 4.3.
-#}
{% macro cap_lines(relation, keys) -%}
    {%- set grain = keys | join(', ') -%}
    select
        {{ grain }},
        employee_id,
        period,
        origin_period,
        currency,
        cast(month_amount as decimal(18, 2)) as basis_amount,
        cast(
            least(cap_amount, sum_after) - least(cap_amount, sum_after - month_amount) - month_amount as decimal(18, 2)
        ) as amount
    from (
        select
            months.*,
            sum(month_amount) over (
                partition by {{ grain }}, employee_id, currency, origin_period
                order by period asc rows between unbounded preceding and current row
            ) as sum_after
        from (
            select
                {{ grain }}, employee_id, period, origin_period, currency, cap_amount, sum(amount) as month_amount
            from {{ relation }}
            where cap_excess = 'lost'
            group by {{ grain }}, employee_id, period, origin_period, currency, cap_amount
        ) as months
    ) as lost
    where least(cap_amount, sum_after) - least(cap_amount, sum_after - month_amount) != month_amount
    union all
    select
        {{ grain }},
        employee_id,
        period,
        period as origin_period,
        currency,
        cast(month_amount as decimal(18, 2)) as basis_amount,
        cast(carry_before - carry_after as decimal(18, 2)) as amount
    from (
        select
            walked.*,
            coalesce(lag(carry_after) over (
                partition by {{ grain }}, employee_id, currency order by period asc
            ), 0) as carry_before
        from (
            select
                running_sums.*,
                running - least(min(running) over (
                    partition by {{ grain }}, employee_id, currency
                    order by period asc rows between unbounded preceding and current row
                ), 0) as carry_after
            from (
                select
                    dense.*,
                    sum(month_amount - cap_amount) over (
                        partition by {{ grain }}, employee_id, currency
                        order by period asc rows between unbounded preceding and current row
                    ) as running
                from (
                    select
                        {{ prefixed(keys, 'spans') }},
                        spans.employee_id,
                        spans.currency,
                        spans.cap_amount,
                        periods.period,
                        coalesce(months.month_amount, 0) as month_amount
                    from (
                        select
                            {{ grain }}, employee_id, currency, cap_amount, min(period) as first_period
                        from {{ relation }}
                        where cap_excess = 'carry'
                        group by {{ grain }}, employee_id, currency, cap_amount
                    ) as spans
                    inner join {{ ref('int_periods') }} as periods on spans.first_period <= periods.period
                    left join (
                        select
                            {{ grain }}, employee_id, currency, period, sum(amount) as month_amount
                        from {{ relation }}
                        where cap_excess = 'carry'
                        group by {{ grain }}, employee_id, currency, period
                    ) as months
                        on periods.period = months.period
                        and spans.employee_id = months.employee_id
                        and spans.currency = months.currency
                        {% for key in keys %}and spans.{{ key }} = months.{{ key }}
                        {% endfor %}
                ) as dense
            ) as running_sums
        ) as walked
    ) as carried
    where carry_before != carry_after
{%- endmacro %}

{% macro prefixed(columns, alias) -%}
    {% for column in columns %}{{ alias }}.{{ column }}{% if not loop.last %}, {% endif %}{% endfor %}
{%- endmacro %}
