-- One row per growth line: rate times what the plan takes as its basis (rulebook 7; readings 24, 25).
with commission as (
    select
        employee_id,
        plan_id,
        period,
        sum(amount) as earned_commission
    from {{ ref('int_lines_commission_settled') }}
    where status in ('earned', 'released')
    group by employee_id, plan_id, period
),

based as (
    select
        rated.*,
        case
            when rated.basis = 'earned_commission' then coalesce(commission.earned_commission, 0)
            when rated.basis = 'measure' then coalesce(rated.value, 0)
            else {{ exact_div('rated.bonus_base_days', 'rated.days_in_period', 2, 2) }}
        end as whole_basis
    from {{ ref('int_growth_rated') }} as rated
    left join commission
        on rated.employee_id = commission.employee_id
        and rated.plan_id = commission.plan_id
        and rated.period = commission.period
),

-- the basis as a fraction: the part above the baseline is basis * (value - baseline) / value
fractions as (
    select
        based.*,
        case
            when applies_on = 'whole' then cast(1 as decimal(28, 6))
            when growth is null or value <= 0 then cast(0 as decimal(28, 6))
            else cast(greatest(value * baseline_count - baseline_sum, 0) as decimal(28, 6))
        end as part,
        case
            when applies_on = 'whole' or growth is null or value <= 0 then cast(1 as decimal(28, 6))
            else cast(value * baseline_count as decimal(28, 6))
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
        {{ exact_div('cast(whole_basis as decimal(20, 6)) * part', 'whole_part', 2, 8) }} as basis_amount,
        rate,
        growth,
        case
            when applies_on = 'whole' then {{ exact_mul('whole_basis', 'rate') }}
            else {{ from_units(round_div(
                to_units('whole_basis', 2) ~ ' * ' ~ to_units('rate', 8) ~ ' * ' ~ to_units('part', 6),
                '(' ~ to_units('whole_part', 6) ~ ' * 100000000)'
            ), 2) }}
        end as amount
    from fractions
    where whole_basis != 0
),

-- components of one plan with the same award are alternatives: the best one pays
ranked as (
    select
        priced.*,
        row_number() over (
            partition by employee_id, plan_hash, award, period order by amount desc, component_id asc
        ) as award_no
    from priced
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
