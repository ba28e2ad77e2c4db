-- One row per employee or team, month, measure and growth component: growth against its baseline and the rate reached.
with final as (
    select distinct
        scope,
        scope_id,
        period,
        measure,
        cast(value as decimal(28, 6)) as value,
        cast(baseline as decimal(28, 6)) as baseline,
        cast(growth as decimal(28, 6)) as growth,
        cast(rate as decimal(18, 12)) as rate,
        case when growth is null then 'no_baseline' end as reason,
        plan_id,
        component_id,
        plan_hash
    from {{ ref('int_growth_rated') }}
)

select * from final
