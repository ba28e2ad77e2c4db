{{ config(meta=recomputed(by=['period', 'kpi_id'], alike=['int_kpi_computed', 'int_kpi_observed'])) }}
-- One row per employee, month and KPI: what was computed, replaced by what the company observed, and a row without data
-- for everything a scorecard lists that is neither.
with computed as (
    select * from {{ ref('int_kpi_computed') }}
),

observed as (
    select * from {{ ref('int_kpi_observed') }}
),

cards as (
    {{ component_role_days(['scorecard']) }}
),

listed as (
    select distinct
        cards.employee_id,
        cards.period,
        entries.kpi_id
    from cards
    inner join {{ ref('int_periods') }} as periods on cards.period = periods.period
    inner join {{ source('plans', 'scorecard_kpis') }} as entries
        on cards.plan_hash = entries.plan_hash and cards.component_id = entries.component_id
),

found as (
    select
        observed.*,
        true as is_observed
    from observed
    union all
    select
        computed.*,
        false as is_observed
    from computed
    left join observed
        on computed.employee_id = observed.employee_id
        and computed.period = observed.period
        and computed.kpi_id = observed.kpi_id
    where observed.kpi_id is null
),

final as (
    select
        employee_id,
        period,
        kpi_id,
        numerator,
        denominator,
        value,
        reason,
        is_observed
    from found
    union all
    select
        listed.employee_id,
        listed.period,
        listed.kpi_id,
        cast(null as decimal(28, 6)) as numerator,
        cast(null as decimal(28, 6)) as denominator,
        cast(null as decimal(28, 6)) as value,
        'no_data' as reason,
        false as is_observed
    from listed
    left join found
        on listed.employee_id = found.employee_id
        and listed.period = found.period
        and listed.kpi_id = found.kpi_id
    where found.kpi_id is null
)

select * from final
