-- One row per employee, month and KPI with a model of its own (macro kpi_models).
{{ check_kpi_models() }}
with final as (
    {{ union_of_kpis() }}
)

select * from final
