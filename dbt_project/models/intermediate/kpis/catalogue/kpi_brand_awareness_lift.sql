-- One row per employee and month: change of the share of people asked who know the brand, quarter on quarter, in the last
-- month of the quarter. Option `lift`: relative to the share before, or in points.
with surveys as (
    select
        coalesce(surveys.owner_employee_id, 'UNRESOLVED') as employee_id,
        {{ quarter_of('surveys.surveyed_on') }} as quarter,
        sum(surveys.aware) as aware,
        sum(surveys.respondents) as respondents
    from {{ ref('stg_brand_surveys') }} as surveys
    group by coalesce(surveys.owner_employee_id, 'UNRESOLVED'), {{ quarter_of('surveys.surveyed_on') }}
),

{{ kpi_option('brand_awareness_lift', 'lift') }},

compared as (
    select
        surveys.employee_id,
        periods.period,
        surveys.aware * previous.respondents as share_now,
        previous.aware * surveys.respondents as share_before,
        surveys.respondents * previous.respondents as asked,
        coalesce(chosen.value_text, defaults.value_text) as lift
    from surveys
    inner join {{ ref('int_periods') }} as periods on surveys.quarter = periods.quarter
    left join surveys as previous
        on surveys.employee_id = previous.employee_id
        and previous.quarter = {{ quarter_of(add_months('periods.starts_on', -3)) }}
    left join chosen on surveys.employee_id = chosen.employee_id and periods.period = chosen.period
    left join defaults on true
),

-- shares are compared over the common denominator, so that nothing is rounded before the division
facts as (
    select
        employee_id,
        period,
        case when asked > 0 and (lift = 'points' or share_before > 0) then share_now - share_before else 0 end as numerator,
        case
            when asked > 0 and (lift = 'points' or share_before > 0) then case when lift = 'points' then asked else share_before end
            else 0
        end as denominator
    from compared
),

final as (
    {{ kpi_ratio('facts', frequency='quarter') }}
)

select * from final
