-- One row per payout line and source record it names itself: deal, transaction, splits, leads, rates of exchange, activities
-- of an award, the other deals that filled the tiers of the interval, decisions, adjustments, and the employee's own rows.
with lines as (
    select * from {{ ref('line_subjects') }}
),

deal_keys as (
    select line_id, deal_id from lines where deal_id is not null
    union
    select
        lines.line_id,
        others.deal_id
    from lines
    inner join {{ ref('fct_tier_steps') }} as own
        on lines.deal_id = own.deal_id
        and coalesce(lines.transaction_id, '') = own.transaction_id
        and lines.component = own.pool
        and lines.employee_id = own.employee_id
    inner join {{ ref('fct_tier_steps') }} as others
        on own.employee_id = others.employee_id
        and own.plan_hash = others.plan_hash
        and own.component_id = others.component_id
        and own.interval_id = others.interval_id
        and own.step_no >= others.step_no
),

lead_keys as (
    select
        lines.line_id,
        touches.lead_id
    from lines
    inner join {{ ref('int_touches') }} as touches
        on lines.deal_id = touches.deal_id and lines.employee_id = touches.employee_id
    where lines.component = 'origination'
    union
    select
        lines.line_id,
        points.lead_id
    from lines
    inner join {{ ref('fct_points') }} as points
        on lines.employee_id = points.employee_id
        and lines.period = points.period
        and lines.plan_hash = points.plan_hash
        and lines.component_id = points.component_id
    where lines.component = 'points'
),

-- the rate that was in force on the day of signing
fx_rates as (
    select
        currency,
        date as valid_from,
        coalesce(lead(date) over (partition by currency order by date asc), date '9999-12-31') as valid_to,
        source_table,
        record_id
    from {{ ref('stg_fx_rates') }}
),

rate_keys as (
    select distinct
        deal_keys.line_id,
        fx_rates.source_table,
        fx_rates.record_id
    from deal_keys
    inner join {{ ref('fct_deal_sources') }} as deals
        on deal_keys.deal_id = deals.deal_id and deals.currency != deals.base_currency
    inner join fx_rates
        on deals.currency = fx_rates.currency
        and deals.signed_date >= fx_rates.valid_from
        and deals.signed_date < fx_rates.valid_to
),

adjusted as (
    select lines.line_id, adjustments.source_table, adjustments.record_id, adjustments.dispute_id
    from lines
    inner join {{ ref('stg_adjustments') }} as adjustments on lines.component_id = adjustments.adjustment_id
    where lines.component = 'adjustment'
),

final as (
    select line_id, 'deals' as source_table, deal_id as record_id from deal_keys
    union all
    select line_id, 'leads' as source_table, lead_id as record_id from lead_keys
    union all
    select line_id, 'transactions' as source_table, transaction_id as record_id
    from lines
    where transaction_id != ''
    union all
    select line_id, source_table, record_id from rate_keys
    union all
    select lines.line_id, awards.source_table, awards.record_id
    from lines
    inner join {{ ref('records_of_awards') }} as awards on lines.deal_id = awards.deal_id
    where lines.component = 'collaboration'
    union all
    select lines.line_id, splits.source_table, splits.record_id
    from lines
    inner join {{ ref('stg_deal_splits') }} as splits on lines.deal_id = splits.deal_id and lines.component = splits.pool
    union all
    select lines.line_id, resolutions.source_table, resolutions.record_id
    from lines
    inner join {{ ref('stg_resolutions') }} as resolutions
        on resolutions.subject = 'payout_line'
        and coalesce(lines.settles_line_id, lines.line_id) = resolutions.subject_id
    union all
    select lines.line_id, resolutions.source_table, resolutions.record_id
    from lines
    inner join {{ ref('fct_transfers') }} as transfers on lines.deal_id = transfers.deal_id
    inner join {{ ref('stg_resolutions') }} as resolutions
        on resolutions.subject = 'transfer' and transfers.change_id = resolutions.subject_id
    where lines.component = 'closing'
    union all
    select line_id, source_table, record_id from adjusted
    union all
    -- an adjustment that an accepted dispute led to rests on the dispute and the decision on it
    select adjusted.line_id, disputes.source_table, disputes.record_id
    from adjusted
    inner join {{ ref('stg_disputes') }} as disputes on adjusted.dispute_id = disputes.dispute_id
    union all
    select adjusted.line_id, resolutions.source_table, resolutions.record_id
    from adjusted
    inner join {{ ref('stg_resolutions') }} as resolutions
        on resolutions.subject = 'dispute' and adjusted.dispute_id = resolutions.subject_id
    union all
    select lines.line_id, employees.source_table, employees.record_id
    from lines
    inner join {{ ref('stg_employees') }} as employees on lines.employee_id = employees.employee_id
    union all
    select lines.line_id, assignments.source_table, assignments.record_id
    from lines
    inner join {{ ref('int_periods') }} as periods on lines.origin_period = periods.period
    inner join {{ ref('stg_employee_assignments') }} as assignments
        on lines.employee_id = assignments.employee_id
        and assignments.valid_from <= periods.ends_on
        and coalesce(assignments.valid_to > periods.starts_on, true)
)

select * from final
