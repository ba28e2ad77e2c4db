-- One row per fit (month), customer and touch in the history window before the month: the paths from which the
-- data-driven models learn. A converted path ends at its first signed deal in the window (rulebook 3.5).
with fits as (
    select
        periods.period,
        periods.starts_on as window_to,
        {{ add_months('periods.starts_on', '-cast(policies.history_months as integer)') }} as window_from
    from {{ ref('int_periods') }} as periods
    inner join {{ source('plans', 'crediting_policies') }} as policies
        on periods.starts_on >= policies.valid_from and periods.starts_on < policies.valid_to
),

touches as (
    select
        leads.customer_key,
        leads.lead_id,
        leads.created_at,
        leads.created_date,
        coalesce(nullif(trim(leads.channel), ''), '(none)') as channel,
        row_number() over (
            partition by leads.customer_key, leads.owner_employee_id, leads.created_date
            order by leads.created_at asc, leads.lead_id asc
        ) as owner_day_no
    from {{ ref('int_origination_leads') }} as leads
    where leads.is_touch
),

windowed as (
    select
        fits.period,
        fits.window_from,
        fits.window_to,
        touches.customer_key,
        touches.lead_id,
        touches.created_at,
        touches.channel,
        min(touches.created_at) over (partition by fits.period, touches.customer_key) as first_touched_at
    from touches
    inner join fits on touches.created_date >= fits.window_from and touches.created_date < fits.window_to
    where touches.owner_day_no = 1
),

starts as (
    select distinct
        period,
        window_from,
        window_to,
        customer_key,
        first_touched_at
    from windowed
),

conversions as (
    select
        starts.period,
        starts.customer_key,
        min(deals.signed_at) as converted_at
    from starts
    inner join {{ ref('int_deals') }} as deals
        on starts.customer_key = deals.customer_key
        and deals.status = 'signed'
        and deals.signed_at >= starts.first_touched_at
        and deals.signed_date >= starts.window_from
        and deals.signed_date < starts.window_to
    group by starts.period, starts.customer_key
),

final as (
    select
        windowed.period,
        windowed.customer_key,
        windowed.channel,
        conversions.converted_at is not null as is_converted,
        row_number() over (
            partition by windowed.period, windowed.customer_key
            order by windowed.created_at asc, windowed.lead_id asc
        ) as touch_no,
        lead(windowed.channel) over (
            partition by windowed.period, windowed.customer_key
            order by windowed.created_at asc, windowed.lead_id asc
        ) as next_channel
    from windowed
    left join conversions
        on windowed.period = conversions.period and windowed.customer_key = conversions.customer_key
    where conversions.converted_at is null or windowed.created_at <= conversions.converted_at
)

select * from final
