-- One row per payout line: who earns what, from which component, credit or KPI, under which plan, and why. Lines of closed
-- months are those that were locked; what is calculated otherwise now is posted in the open month as true-ups.
with closed as (
    select
        {{ payout_line_columns('lines') }},
        lines.corrects_line_id,
        lines.calculated_line_id,
        true as is_locked
    from {{ source('ledger', 'locked_lines') }} as lines
),

open_lines as (
    select lines.*
    from {{ ref('int_payout_lines') }} as lines
    inner join {{ ref('int_closing') }} as closing on coalesce(closing.closed_through < lines.period, true)
),

-- a line that was locked in one month and is calculated for another one now is a second line
taken as (
    select distinct line_id from closed
),

present as (
    select
        case
            when taken.line_id is null then lines.line_id else {{ md5_key(['lines.line_id', 'lines.period']) }}
        end as line_id,
        {{ payout_line_columns('lines', without=['line_id']) }},
        cast(null as {{ dbt.type_string() }}) as corrects_line_id,
        lines.line_id as calculated_line_id,
        false as is_locked
    from open_lines as lines
    left join taken on lines.line_id = taken.line_id
),

true_ups as (
    select
        lines.line_id,
        lines.period,
        lines.employee_id,
        'true_up' as component,
        lines.component_id,
        lines.deal_id,
        lines.transaction_id,
        lines.kpi_id,
        lines.amount as basis_amount,
        cast(null as decimal(18, 12)) as rate,
        lines.amount,
        lines.currency,
        case when lines.is_held then 'held' else 'earned' end as status,
        lines.reason,
        lines.origin_period,
        lines.plan_id,
        lines.plan_hash,
        calculation.run_id,
        cast(null as {{ dbt.type_string() }}) as settles_line_id,
        lines.corrects_line_id,
        lines.calculated_line_id,
        false as is_locked
    from {{ ref('int_true_ups') }} as lines
    cross join {{ ref('stg_calculation') }} as calculation
),

final as (
    select * from closed
    union all
    select * from present
    union all
    select * from true_ups
)

select * from final
