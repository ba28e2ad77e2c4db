-- One row per payout line of any month as the present facts and plans give it: who earns what, from which component,
-- credit or KPI, under which plan, and why.
with settled as (
    select
        line_id,
        component,
        component_id,
        plan_id,
        plan_hash,
        deal_id,
        transaction_id,
        kpi_id,
        employee_id,
        period,
        origin_period,
        currency,
        basis_amount,
        rate,
        amount,
        status,
        reason
    from {{ ref('int_lines_settled') }}
),

limits as (
    {%- for model in ['int_lines_component_cap', 'int_lines_plan_cap', 'int_lines_draw'] %}
    select * from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

adjustments as (
    select
        'adjustment' as component,
        adjustments.adjustment_id as component_id,
        adjustments.employee_id,
        adjustments.period,
        adjustments.currency,
        adjustments.amount,
        case when adjustments.employee_id = 'UNRESOLVED' then 'unresolved' else adjustments.reason end as reason
    from {{ ref('stg_adjustments') }} as adjustments
    inner join {{ ref('int_periods') }} as periods on adjustments.period = periods.period
    where coalesce(trim(adjustments.author), '') != ''
        and coalesce(trim(adjustments.reason), '') != ''
        and coalesce(trim(adjustments.approver), '') != ''
),

lines as (
    select * from settled
    union all
    select
        line_id,
        component,
        component_id,
        plan_id,
        plan_hash,
        cast(null as {{ dbt.type_string() }}) as deal_id,
        cast(null as {{ dbt.type_string() }}) as transaction_id,
        cast(null as {{ dbt.type_string() }}) as kpi_id,
        employee_id,
        period,
        origin_period,
        currency,
        basis_amount,
        cast(null as decimal(18, 12)) as rate,
        amount,
        status,
        reason
    from limits
    union all
    select
        {{ md5_key(['component', "''", 'component_id', "''", "''", "''", 'employee_id', 'period']) }} as line_id,
        component,
        component_id,
        cast(null as {{ dbt.type_string() }}) as plan_id,
        cast(null as {{ dbt.type_string() }}) as plan_hash,
        cast(null as {{ dbt.type_string() }}) as deal_id,
        cast(null as {{ dbt.type_string() }}) as transaction_id,
        cast(null as {{ dbt.type_string() }}) as kpi_id,
        employee_id,
        period,
        period as origin_period,
        currency,
        cast(amount as decimal(18, 2)) as basis_amount,
        cast(null as decimal(18, 12)) as rate,
        cast(amount as decimal(18, 2)) as amount,
        case when employee_id = 'UNRESOLVED' then 'held' else 'earned' end as status,
        reason
    from adjustments
),

-- the key of a settling line is made from the line it settles: macros/pay/settle_lines.sql
held as (
    select
        line_id,
        {{ settled_line_id('line_id') }} as settling_line_id
    from (select line_id, status from settled union all select line_id, status from limits) as settleable
    where status = 'held'
),

final as (
    select
        lines.line_id,
        lines.period,
        lines.employee_id,
        lines.component,
        lines.component_id,
        lines.deal_id,
        lines.transaction_id,
        lines.kpi_id,
        lines.basis_amount,
        cast(lines.rate as decimal(18, 12)) as rate,
        lines.amount,
        lines.currency,
        lines.status,
        lines.reason,
        lines.origin_period,
        nullif(lines.plan_id, '') as plan_id,
        lines.plan_hash,
        calculation.run_id,
        held.line_id as settles_line_id
    from lines
    inner join {{ ref('int_periods') }} as months on lines.period = months.period
    left join held on lines.line_id = held.settling_line_id
    cross join {{ ref('stg_calculation') }} as calculation
)

select * from final
