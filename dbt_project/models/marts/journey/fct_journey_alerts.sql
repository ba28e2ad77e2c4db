-- One row per alert: journey stages late, skipped or out of order; abnormal transfers, relabelled deals, internal
-- circulation, held payouts (rulebook 12). An alert keeps its id as long as its cause lasts.
with transfers as (
    select
        transfers.change_id,
        transfers.deal_id,
        transfers.customer_key,
        transfers.to_employee_id,
        transfers.signed_at,
        transfers.days_to_sign,
        transfers.post_activities,
        resolutions.decided_at
    from {{ ref('fct_transfers') }} as transfers
    left join {{ ref('int_resolutions_latest') }} as resolutions
        on resolutions.subject = 'transfer' and transfers.change_id = resolutions.subject_id
    where transfers.is_abnormal
),

sources as (
    select * from {{ ref('fct_deal_sources') }}
    where is_relabelled or is_internal_circulation
),

-- A held line that was released or rejected since has a line that says so. What waits for the process bonus alone waits
-- for coming months, not for a person.
held as (
    select
        lines.employee_id,
        lines.reason,
        lines.currency,
        min(lines.period) as period,
        max(lines.period) as last_period,
        sum(lines.amount) as amount,
        count(*) as line_count
    from {{ ref('fct_payout_lines') }} as lines
    left join (
        select settles_line_id
        from {{ ref('fct_payout_lines') }}
        where settles_line_id is not null
    ) as settlements on coalesce(lines.corrects_line_id, lines.line_id) = settlements.settles_line_id
    where lines.status = 'held' and settlements.settles_line_id is null and coalesce(lines.reason, '') != 'process'
    group by lines.employee_id, lines.reason, lines.currency
),

alerts as (
    select
        alert_id,
        kind,
        customer_key,
        deal_id,
        stage,
        responsible_employee_id,
        due_at,
        raised_at,
        stage || ' ' || kind as detail,
        state,
        closed_at
    from {{ ref('int_stage_alerts') }}
    union all
    select
        {{ md5_key(["'abnormal_transfer'", 'change_id', 'deal_id']) }} as alert_id,
        'abnormal_transfer' as kind,
        customer_key,
        deal_id,
        cast(null as {{ dbt.type_string() }}) as stage,
        to_employee_id as responsible_employee_id,
        cast(null as timestamp) as due_at,
        signed_at as raised_at,
        'change ' || change_id || ': signed after ' || cast(days_to_sign as {{ dbt.type_string() }}) || ' days with '
        || cast(post_activities as {{ dbt.type_string() }}) || ' activities of the receiver' as detail,
        case when decided_at is null then 'open' else 'closed' end as state,
        decided_at as closed_at
    from transfers
    union all
    select
        {{ md5_key(["'relabelled'", 'deal_id']) }} as alert_id,
        'relabelled' as kind,
        customer_key,
        deal_id,
        cast(null as {{ dbt.type_string() }}) as stage,
        owner_employee_id as responsible_employee_id,
        cast(null as timestamp) as due_at,
        signed_at as raised_at,
        'claimed self-sourced, a valid lead exists' as detail,
        'open' as state,
        cast(null as timestamp) as closed_at
    from sources
    where is_relabelled
    union all
    select
        {{ md5_key(["'internal_circulation'", 'deal_id']) }} as alert_id,
        'internal_circulation' as kind,
        customer_key,
        deal_id,
        cast(null as {{ dbt.type_string() }}) as stage,
        owner_employee_id as responsible_employee_id,
        cast(null as timestamp) as due_at,
        signed_at as raised_at,
        'self-sourced, but the customer was known to the company before' as detail,
        'open' as state,
        cast(null as timestamp) as closed_at
    from sources
    where is_internal_circulation
    union all
    select
        {{ md5_key(["'held_payout'", 'held.employee_id', 'held.reason', 'held.currency']) }} as alert_id,
        'held_payout' as kind,
        cast(null as {{ dbt.type_string() }}) as customer_key,
        cast(null as {{ dbt.type_string() }}) as deal_id,
        cast(null as {{ dbt.type_string() }}) as stage,
        held.employee_id as responsible_employee_id,
        cast(null as timestamp) as due_at,
        least({{ day_start_utc('months.next_starts_on') }}, calculation.as_of) as raised_at,
        held.period || case when held.last_period != held.period then ' to ' || held.last_period else '' end
        || ' ' || held.reason || ': ' || cast(held.amount as {{ dbt.type_string() }}) || ' ' || held.currency
        || ' in ' || cast(held.line_count as {{ dbt.type_string() }}) || ' lines' as detail,
        'open' as state,
        cast(null as timestamp) as closed_at
    from held
    inner join {{ ref('int_months') }} as months on held.period = months.period
    cross join {{ ref('stg_calculation') }} as calculation
),

final as (
    select * from alerts
)

select * from final
