-- One row per employee, month and KPI with a model of its own; every model in marts/kpis is found by itself.
with final as (
    {{ union_of_kpis() }}
)

select * from final
