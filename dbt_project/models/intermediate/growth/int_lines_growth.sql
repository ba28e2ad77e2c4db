-- One row per growth line: rate times what the plan takes as its basis (rulebook 7; readings 24, 25). The basis stays a
-- fraction until the amount is rounded once.
with commission as (
    select
        employee_id,
        plan_id,
        period,
        cast(sum(amount) as decimal(24, 6)) as earned_commission
    from {{ ref('int_lines_commission_settled') }}
    where status in ('earned', 'released')
    group by employee_id, plan_id, period
),

based as (
    select
        rated.*,
        case
            when rated.basis = 'earned_commission' then coalesce(commission.earned_commission, 0)
            when rated.basis = 'measure' then cast(coalesce(rated.value, 0) as decimal(24, 6))
            else cast(rated.bonus_base_days as decimal(24, 6))
        end as basis_sum,
        case when rated.basis = 'bonus_base' then rated.days_in_period else 1 end as basis_parts
    from {{ ref('int_growth_rated') }} as rated
    left join commission
        on rated.employee_id = commission.employee_id
        and rated.plan_id = commission.plan_id
        and rated.period = commission.period
),

-- the part above the baseline is basis * (value - baseline) / value; of the value itself it is value - baseline
fractions as (
    select
        based.*,
        case
            when applies_on = 'whole' then basis_sum
            when growth is null or value <= 0 then cast(0 as decimal(24, 6))
            when basis = 'measure' then cast(greatest(value * baseline_count - baseline_sum, 0) as decimal(24, 6))
            else basis_sum
        end as numerator,
        case
            when applies_on = 'whole' or growth is null or value <= 0 or basis = 'measure' then cast(1 as decimal(24, 6))
            else cast(greatest(value * baseline_count - baseline_sum, 0) as decimal(24, 6))
        end as part,
        case
            when applies_on = 'whole' or growth is null or value <= 0 then cast(1 as decimal(24, 6))
            when basis = 'measure' then cast(baseline_count as decimal(24, 6))
            else cast(value * baseline_count as decimal(24, 6))
        end as whole_part
    from based
),

priced as (
    select
        component_type as component,
        award,
        scope,
        component_id,
        plan_id,
        plan_hash,
        employee_id,
        period,
        currency,
        {{ from_units(round_div(
            to_units('numerator', 6) ~ ' * ' ~ to_units('part', 6),
            '(' ~ to_units('whole_part', 6) ~ ' * basis_parts * 10000)'
        ), 2) }} as basis_amount,
        rate,
        growth,
        {{ from_units(round_div(
            to_units('numerator', 6) ~ ' * ' ~ to_units('rate', 8) ~ ' * ' ~ to_units('part', 6),
            '(' ~ to_units('whole_part', 6) ~ ' * basis_parts * 1000000000000)'
        ), 2) }} as amount
    from fractions
    where numerator * part != 0 and (scope = 'employee' or rate > 0)
),

-- components of one plan with the same award are alternatives: the best one pays
ranked as (
    select
        priced.*,
        row_number() over (
            partition by employee_id, plan_hash, award, period order by amount desc, component_id asc
        ) as award_no
    from priced
    where basis_amount != 0
),

final as (
    select
        component,
        component_id,
        plan_id,
        plan_hash,
        employee_id,
        period,
        currency,
        basis_amount,
        rate,
        growth,
        amount
    from ranked
    where award_no = 1
)

select * from final
