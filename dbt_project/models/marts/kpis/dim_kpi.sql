-- One row per KPI of the catalogue: its names, its unit, which direction is better (rulebook 8).
with final as (
    select
        kpi_id,
        name_zh,
        name_en,
        unit,
        direction,
        group_name as {{ adapter.quote('group') }},
        frequency,
        is_observed
    from {{ source('plans', 'kpi_catalogue') }}
)

select * from final
