-- One row per touch with its neighbours: all that a fit over any window of months needs (rulebook 3.5).
-- The path of a window is its touches up to the next deal after the first of them: a touch belongs to it unless a touch
-- before an earlier deal lies in the window as well. So all neighbours are found once per touch and not once per fit.
with touches as (
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

-- touches and deals of a customer in one order; a deal at the moment of a touch comes after it
deals as (
    select
        deals.customer_key,
        deals.signed_at,
        min(deals.signed_date) as signed_date
    from {{ ref('int_deals') }} as deals
    where deals.status = 'signed'
    group by deals.customer_key, deals.signed_at
),

moments as (
    select customer_key, lead_id, created_at as happened_at, created_date, channel, cast(null as date) as signed_date
    from touches
    where owner_day_no = 1
    union all
    select
        customer_key,
        cast(null as {{ dbt.type_string() }}) as lead_id,
        signed_at as happened_at,
        cast(null as date) as created_date,
        cast(null as {{ dbt.type_string() }}) as channel,
        signed_date
    from deals
),

-- deals before a touch number its path; the next deal is the one that could convert it
numbered as (
    select
        moments.*,
        count(signed_date) over (
            partition by customer_key order by happened_at asc, signed_date asc nulls first, lead_id asc
            rows between unbounded preceding and current row
        ) as path_no,
        min(signed_date) over (
            partition by customer_key order by happened_at asc, signed_date asc nulls first, lead_id asc
            rows between current row and unbounded following
        ) as next_signed_date
    from moments
),

-- paths follow each other in the order of touches, so that one order serves all that lies beside a touch
neighbours as (
    select
        customer_key,
        lead_id,
        channel,
        created_date,
        next_signed_date,
        lag(created_date) over touches_in_order as previous_date,
        max(created_date) over (
            partition by customer_key order by path_no asc range between unbounded preceding and 1 preceding
        ) as earlier_path_date,
        case when lead(path_no) over touches_in_order = path_no then lead(created_date) over touches_in_order end as next_date,
        case when lead(path_no) over touches_in_order = path_no then lead(channel) over touches_in_order end as next_channel
    from numbered
    where created_date is not null
    window touches_in_order as (partition by customer_key order by happened_at asc, lead_id asc)
),

final as (
    select
        customer_key,
        lead_id,
        channel,
        {{ month_start('created_date') }} as created_month,
        {{ month_start('previous_date') }} as previous_month,
        {{ month_start('earlier_path_date') }} as earlier_path_month,
        {{ month_start('next_date') }} as next_month,
        next_channel,
        {{ month_start('next_signed_date') }} as signed_month
    from neighbours
)

select * from final
