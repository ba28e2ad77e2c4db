-- One row per calendar month that is computed: from the first business fact or locked line to the as-of date, at least its own month.
with fact_dates as (
    select min(created_date) as fact_date from {{ ref('int_lead_facts') }}
    union all
    select min(signed_date) from {{ ref('int_deals') }}
    union all
    select min(occurred_date) from {{ ref('stg_transactions') }}
    union all
    select min(started_date) from {{ ref('int_activities') }}
    union all
    select min(occurred_date) from {{ ref('stg_journey_events') }}
    union all
    select min(date) from {{ ref('stg_ad_daily') }}
    union all
    select min(moved_on) from {{ ref('stg_material_movements') }}
    union all
    select min(changed_date) from {{ ref('stg_ownership_changes') }}
    union all
    select min(surveyed_on) from {{ ref('stg_brand_surveys') }}
    union all
    select min(checked_date) from {{ ref('stg_archive_checks') }}
    union all
    select min(submitted_date) from {{ ref('stg_product_inputs') }}
    union all
    select min(discovered_date) from {{ ref('stg_competitor_events') }}
    union all
    select min(occurred_on) from {{ ref('stg_policy_violations') }}
    union all
    select min(requested_date) from {{ ref('stg_material_requests') }}
    union all
    select min(opened_date) from {{ ref('stg_complaints') }}
    union all
    select min(rated_date) from {{ ref('stg_service_ratings') }}
    union all
    select min({{ period_start('period') }}) from {{ ref('stg_adjustments') }} where length(period) = 7
    union all
    select
        min({{ period_start('period') }})
    from {{ ref('stg_kpi_observations') }}
    where length(period) = 7 and period not like '%Q%'
    union all
    select min({{ period_start('period') }}) from {{ source('ledger', 'locked_lines') }}
    union all
    select min(as_of_date) from {{ ref('stg_calculation') }}
),

bounds as (
    select
        min(fact_dates.fact_date) as first_date,
        max(calculation.as_of_date) as last_date
    from fact_dates
    cross join {{ ref('stg_calculation') }} as calculation
),

final as (
    select months.*
    from {{ ref('int_months') }} as months
    inner join bounds
        on months.next_starts_on > bounds.first_date and months.starts_on <= bounds.last_date
)

select * from final
