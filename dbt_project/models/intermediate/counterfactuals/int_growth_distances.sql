-- One row per employee, growth component and month with a higher step above: what the measure lacks to the next step
-- and what that step's rate would add on the same basis (rulebook 7, 13).
with rated as (
    select
        growth.*,
        coalesce(
            catalogue.unit,
            case when growth.measure like '%amount' then 'money' else 'count' end
        ) as unit
    from {{ ref('int_growth_rated') }} as growth
    left join {{ source('plans', 'kpi_catalogue') }} as catalogue on growth.measure = catalogue.kpi_id
    where growth.growth is not null
),

-- exact, in 1e-12 of the measure times the number of baseline months
distances as (
    select
        rated.employee_id,
        rated.period,
        rated.plan_id,
        rated.plan_hash,
        rated.component_id,
        rated.currency,
        rated.scope,
        rated.scope_id,
        rated.measure,
        rated.unit,
        rated.baseline_count,
        rated.rate as current_rate,
        steps.rate as next_rate,
        {{ to_units('cast(1 + steps.min_growth as decimal(12, 6)) * cast(rated.baseline_sum as decimal(24, 6))', 12) }}
        - {{ to_units('cast(rated.value as decimal(24, 6)) * cast(rated.baseline_count as decimal(6, 0))', 12) }} as missing_units,
        row_number() over (
            partition by rated.employee_id, rated.period, rated.plan_hash, rated.component_id order by steps.step_no asc
        ) as step_ahead
    from rated
    inner join {{ source('plans', 'growth_steps') }} as steps
        on rated.plan_hash = steps.plan_hash
        and rated.component_id = steps.component_id
        and cast(rated.value as decimal(24, 6)) * rated.baseline_count
        < cast(1 + steps.min_growth as decimal(12, 6)) * cast(rated.baseline_sum as decimal(24, 6))
),

final as (
    select
        distances.employee_id,
        distances.period,
        distances.plan_id,
        distances.plan_hash,
        distances.component_id,
        distances.currency,
        distances.scope,
        distances.scope_id,
        distances.measure,
        distances.unit,
        -- rounded up, so that the gap is enough: money to fen, anything else to six places
        case
            when distances.unit = 'money' then cast(
                {{ from_units(int_div('missing_units + baseline_count * 10000000000 - 1', 'baseline_count * 10000000000'), 2, 28) }}
                as decimal(28, 6)
            )
            else {{ from_units(int_div('missing_units + baseline_count * 1000000 - 1', 'baseline_count * 1000000'), 6, 28) }}
        end as gap,
        cast({{ exact_mul('lines.basis_amount', 'distances.next_rate') }} - lines.amount as decimal(18, 2)) as money_gain,
        distances.current_rate,
        distances.next_rate
    from distances
    left join {{ ref('int_lines_growth') }} as lines
        on distances.employee_id = lines.employee_id
        and distances.period = lines.period
        and distances.plan_hash = lines.plan_hash
        and distances.component_id = lines.component_id
    where distances.step_ahead = 1
)

select * from final
