{#- The columns of a payout line as it is calculated, as a list for `select`, in the order of the published mart. -#}
{% macro payout_line_columns(relation, without=[]) -%}
    {%- set columns = [
        'line_id', 'period', 'employee_id', 'component', 'component_id', 'deal_id', 'transaction_id', 'kpi_id',
        'basis_amount', 'rate', 'amount', 'currency', 'status', 'reason', 'origin_period', 'plan_id', 'plan_hash', 'run_id',
        'settles_line_id'
    ] | reject('in', without) | list -%}
    {%- for column in columns -%}
        {{ relation }}.{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
