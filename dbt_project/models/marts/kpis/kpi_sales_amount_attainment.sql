-- One row per employee and month: money of credited deals, transferred ones in part, per target of the month.
{% macro register_kpi_sales_amount_attainment() %}{% endmacro %}

with facts as (
    select
        measures.employee_id,
        measures.period,
        measures.value as numerator,
        targets.target as denominator,
        case when targets.target is null then 'no_target' when targets.target <= 0 then 'zero_target' end as reason
    from {{ ref('fct_measures') }} as measures
    left join {{ ref('int_sales_targets') }} as targets
        on measures.employee_id = targets.employee_id
        and measures.period = targets.period
        and targets.kpi_id = 'sales_amount_attainment'
    where measures.measure = 'counted_sales_amount' and measures.employee_id not like 'team:%'
),

final as (
    {{ kpi_ratio('facts', reason='reason') }}
)

select * from final
