-- One row per board, month and employee (or `team:ID` on the board of teams); ties share a rank (rulebook 13).
with teams as (
    select
        employee_id,
        period,
        team_id,
        row_number() over (partition by employee_id, period order by in_role_from desc) as latest_no
    from {{ ref('int_employee_periods') }}
),

cards as (
    select
        employee_id,
        period,
        total_score,
        row_number() over (
            partition by employee_id, period order by days_in_role desc, plan_id asc, component_id asc
        ) as card_no
    from {{ ref('fct_scorecards') }}
),

commissions as (
    select
        employee_id,
        period,
        sum(amount) as value
    from {{ ref('fct_payout_lines') }}
    where component in ('origination', 'closing', 'collaboration') and status in ('earned', 'released', 'paid')
    group by employee_id, period
),

growth as (
    select
        scope_id as employee_id,
        period,
        max(growth) as value
    from {{ ref('fct_growth') }}
    where scope = 'employee' and measure = 'counted_sales_amount' and growth is not null
    group by scope_id, period
),

figures as (
    select 'score' as board, employee_id, period, cast(total_score as decimal(28, 6)) as value from cards where card_no = 1 and total_score is not null
    union all
    select 'commission' as board, employee_id, period, cast(value as decimal(28, 6)) as value from commissions
    union all
    select 'growth' as board, employee_id, period, cast(value as decimal(28, 6)) as value from growth
),

placed as (
    select
        figures.board,
        figures.employee_id,
        figures.period,
        cast(figures.value as decimal(28, 6)) as value,
        teams.team_id
    from figures
    left join teams
        on figures.employee_id = teams.employee_id and figures.period = teams.period and teams.latest_no = 1
    where figures.employee_id != 'UNRESOLVED'
),

boards as (
    select board, period, cast(null as {{ dbt.type_string() }}) as team_id, employee_id, value from placed
    union all
    select 'team_' || board as board, period, team_id, employee_id, value from placed where team_id is not null
    union all
    select
        'teams' as board,
        period,
        cast(null as {{ dbt.type_string() }}) as team_id,
        'team:' || team_id as employee_id,
        cast(sum(value) as decimal(28, 6)) as value
    from placed
    where board = 'commission' and team_id is not null
    group by period, team_id
),

final as (
    select
        board,
        period,
        team_id,
        employee_id,
        value,
        cast(
            rank() over (partition by board, period, coalesce(team_id, '') order by value desc) as bigint
        ) as {{ adapter.quote('rank') }}
    from boards
)

select * from final
