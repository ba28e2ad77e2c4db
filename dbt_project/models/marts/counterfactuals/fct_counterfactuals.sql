-- One row per employee, month, kind and plan component: what was missing for more pay, and the money it would have
-- brought (rulebook 13).
with tiers as (
    select
        employee_id,
        period,
        'next_tier' as kind,
        component_id,
        plan_id,
        gap,
        'money' as unit,
        money_gain,
        currency,
        interval_id || ': ' || {{ percent_text('current_rate') }} || ' → ' || {{ percent_text('next_rate') }} as detail
    from {{ ref('int_tier_distances') }}
),

growth as (
    select
        employee_id,
        period,
        'next_growth_step' as kind,
        component_id,
        plan_id,
        gap,
        unit,
        money_gain,
        currency,
        case when scope = 'team' then 'team:' || scope_id || ' ' else '' end || measure || ': '
        || {{ percent_text('current_rate') }} || ' → ' || {{ percent_text('next_rate') }} as detail
    from {{ ref('int_growth_distances') }}
),

process as (
    select
        employee_id,
        period,
        kind,
        component_id,
        plan_id,
        cast(gap as decimal(28, 6)) as gap,
        'count' as unit,
        money_gain,
        currency,
        'visits ' || {{ short_number('valid_visits') }} || '/' || {{ short_number('target') }} || ', signed '
        || {{ short_number('signed_customers') }} || '/' || {{ short_number('wanted_signed') }} || ', at stake '
        || cast(stake as {{ dbt.type_string() }}) as detail
    from {{ ref('int_process_distances') }}
),

reasons as (
    select
        employee_id,
        period,
        'missing_reason' as kind,
        cast(null as {{ dbt.type_string() }}) as component_id,
        cast(null as {{ dbt.type_string() }}) as plan_id,
        gap,
        'count' as unit,
        money_gain,
        currency,
        deal_ids as detail
    from {{ ref('int_missing_reasons') }}
),

final as (
    select * from tiers
    union all
    select * from growth
    union all
    select * from process
    union all
    select * from reasons
)

select * from final
