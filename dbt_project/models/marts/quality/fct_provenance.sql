-- One row per payout line and source record it rests on: one query from any line to its source rows.
with lines as (
    select
        line_id,
        component,
        deal_id,
        transaction_id,
        employee_id,
        period,
        component_id
    from {{ ref('fct_payout_lines') }}
),

deal_records as (
    select
        lines.line_id,
        deals.source,
        deals.source_table,
        deals.record_id,
        deals.load_id,
        deals.content_hash
    from lines
    inner join {{ ref('stg_deals') }} as deals on lines.deal_id = deals.deal_id
),

transaction_records as (
    select
        lines.line_id,
        transactions.source,
        transactions.source_table,
        transactions.record_id,
        transactions.load_id,
        transactions.content_hash
    from lines
    inner join {{ ref('stg_transactions') }} as transactions
        on lines.transaction_id = transactions.transaction_id
    where lines.transaction_id != ''
),

lead_lines as (
    select
        lines.line_id,
        touches.lead_id
    from lines
    inner join {{ ref('int_touches') }} as touches
        on lines.deal_id = touches.deal_id and lines.employee_id = touches.employee_id
    where lines.component = 'origination'
    union all
    select
        lines.line_id,
        points.lead_id
    from lines
    inner join {{ ref('fct_points') }} as points
        on lines.employee_id = points.employee_id and lines.period = points.period
    where lines.component = 'points'
    union all
    select
        lines.line_id,
        visits.lead_id
    from lines
    inner join {{ ref('int_visited_leads') }} as visits
        on lines.employee_id = visits.employee_id and lines.period = visits.period
    where lines.component = 'process_bonus'
),

lead_records as (
    select
        lead_lines.line_id,
        leads.source,
        leads.source_table,
        leads.record_id,
        leads.load_id,
        leads.content_hash
    from lead_lines
    inner join {{ ref('stg_leads') }} as leads on lead_lines.lead_id = leads.lead_id
),

adjustment_records as (
    select
        lines.line_id,
        adjustments.source,
        adjustments.source_table,
        adjustments.record_id,
        adjustments.load_id,
        adjustments.content_hash
    from lines
    inner join {{ ref('stg_adjustments') }} as adjustments on lines.component_id = adjustments.adjustment_id
    where lines.component = 'adjustment'
),

-- monthly lines rest on the person's record, the base of everything prorated, besides the facts of the mart they name
employee_records as (
    select
        lines.line_id,
        employees.source,
        employees.source_table,
        employees.record_id,
        employees.load_id,
        employees.content_hash
    from lines
    inner join {{ ref('stg_employees') }} as employees on lines.employee_id = employees.employee_id
),

final as (
    select * from deal_records
    union all
    select * from transaction_records
    union all
    select * from lead_records
    union all
    select * from adjustment_records
    union all
    select * from employee_records
)

select * from final
