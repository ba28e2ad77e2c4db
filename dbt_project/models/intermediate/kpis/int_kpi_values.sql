-- One row per employee, month and KPI: what was computed, replaced by what the company observed, and a row without data
-- for everything a scorecard lists that is neither.
with cards as (
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

final as (
    select
        observed.*,
        true as is_observed
    from {{ ref('int_kpi_observed') }} as observed
    union all
    select
        computed.*,
        false as is_observed
    from {{ ref('int_kpi_computed') }} as computed
    left join {{ ref('int_kpi_observed') }} as observed
        on computed.employee_id = observed.employee_id
        and computed.period = observed.period
        and computed.kpi_id = observed.kpi_id
    where observed.kpi_id is null
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
    left join {{ ref('int_kpi_observed') }} as observed
        on listed.employee_id = observed.employee_id
        and listed.period = observed.period
        and listed.kpi_id = observed.kpi_id
    left join {{ ref('int_kpi_computed') }} as computed
        on listed.employee_id = computed.employee_id
        and listed.period = computed.period
        and listed.kpi_id = computed.kpi_id
    where observed.kpi_id is null and computed.kpi_id is null
)

select * from final
