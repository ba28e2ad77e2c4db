-- One row per payout line of a closed month as it is calculated now, under the plans with which the month was locked.
with present as (
    select {{ payout_line_columns('lines') }}
    from {{ ref('int_calculated_closed_lines') }} as lines
    left join {{ source('ledger', 'recalculated_periods') }} as others on lines.period = others.period
    where others.period is null
),

under_other_plans as (
    select {{ payout_line_columns('lines') }}
    from {{ source('ledger', 'recalculated_lines') }} as lines
    inner join {{ source('ledger', 'recalculated_periods') }} as others on lines.period = others.period
    inner join {{ ref('int_closing') }} as closing on lines.period <= closing.closed_through
)

select * from present
union all
select * from under_other_plans
