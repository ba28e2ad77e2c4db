{#-
    Counts of stretches of months (from_month, to_month, half-open) of a relation, per employee and computed month.
    Stretches alike are counted before they are spread, so that this costs months and not customers.
    Columns: employee_id, period, total.
-#}
{% macro spread_over_months(relation) -%}
    select
        alike.employee_id,
        periods.period,
        cast(sum(alike.quantity) as bigint) as total
    from (
        select
            stretches.employee_id,
            greatest(stretches.from_month, bounds.first_month) as from_month,
            least(stretches.to_month, bounds.end_month) as to_month,
            count(*) as quantity
        from {{ relation }} as stretches
        cross join (select min(starts_on) as first_month, max(next_starts_on) as end_month from {{ ref('int_periods') }}) as bounds
        group by
            stretches.employee_id,
            greatest(stretches.from_month, bounds.first_month),
            least(stretches.to_month, bounds.end_month)
    ) as alike
    inner join {{ ref('int_periods') }} as periods
        on alike.from_month <= periods.starts_on and alike.to_month > periods.starts_on
    group by alike.employee_id, periods.period
{%- endmacro %}
