-- One row per employee, month and KPI: what was computed, replaced by what the company observed, and a row without data
-- for everything a scorecard lists that is neither. One join with the computed rows, for they are millions.
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

-- listed or observed; the reason of a row that was not observed holds only where nothing was computed
stated as (
    select
        coalesce(observed.employee_id, listed.employee_id) as employee_id,
        coalesce(observed.period, listed.period) as period,
        coalesce(observed.kpi_id, listed.kpi_id) as kpi_id,
        observed.numerator,
        observed.denominator,
        observed.value,
        case when observed.kpi_id is null then 'no_data' else observed.reason end as reason,
        observed.kpi_id is not null as is_observed
    from {{ ref('int_kpi_observed') }} as observed
    full outer join listed
        on observed.employee_id = listed.employee_id
        and observed.period = listed.period
        and observed.kpi_id = listed.kpi_id
),

final as (
    select
        coalesce(computed.employee_id, stated.employee_id) as employee_id,
        coalesce(computed.period, stated.period) as period,
        coalesce(computed.kpi_id, stated.kpi_id) as kpi_id,
        case when stated.is_observed then stated.numerator else computed.numerator end as numerator,
        case when stated.is_observed then stated.denominator else computed.denominator end as denominator,
        case when stated.is_observed then stated.value else computed.value end as value,
        case when stated.is_observed or computed.kpi_id is null then stated.reason else computed.reason end as reason,
        coalesce(stated.is_observed, false) as is_observed
    from {{ ref('int_kpi_computed') }} as computed
    full outer join stated
        on computed.employee_id = stated.employee_id
        and computed.period = stated.period
        and computed.kpi_id = stated.kpi_id
)

select * from final
