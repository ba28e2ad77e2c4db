-- One row per fit (month), customer type and count that the data-driven models need: transitions of the chain (from, to),
-- and converted paths by channel and number of distinct channels. A converted path ends at its first signed deal in the
-- history window before the month. Windows are whole months: touches alike by month are counted first, then spread over
-- the fits whose window they lie in.
with types as (
    select * from {{ ref('int_customer_types') }}
),

fits as (
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
        touches.customer_key,
        coalesce(types.customer_type, '') as customer_type,
        touches.channel,
        touches.created_month,
        touches.previous_month,
        coalesce(touches.earlier_path_month, date '1900-01-01') as earlier_path_month,
        touches.next_month,
        touches.next_channel,
        touches.signed_month
    from {{ ref('int_attribution_touches') }} as touches
    left join types on touches.customer_key = types.customer_key
),

alike as (
    select
        customer_type,
        channel,
        created_month,
        previous_month,
        earlier_path_month,
        next_month,
        next_channel,
        signed_month,
        count(*) as touch_count
    from touches
    group by
        customer_type,
        channel,
        created_month,
        previous_month,
        earlier_path_month,
        next_month,
        next_channel,
        signed_month
),

steps as (
    select
        fits.period,
        alike.customer_type,
        alike.channel,
        coalesce(alike.previous_month < fits.window_from, true) as is_first,
        case
            when alike.next_month < fits.window_to then alike.next_channel
            when alike.signed_month < fits.window_to then '(conversion)'
            else '(null)'
        end as to_state,
        alike.touch_count
    from alike
    inner join fits
        on alike.created_month >= fits.window_from
        and alike.created_month < fits.window_to
        and alike.earlier_path_month < fits.window_from
),

channels as (
    select distinct
        fits.period,
        touches.customer_key,
        touches.customer_type,
        touches.channel
    from (
        select distinct customer_key, customer_type, channel, created_month, earlier_path_month, signed_month
        from touches
        where signed_month is not null
    ) as touches
    inner join fits
        on touches.created_month >= fits.window_from
        and touches.signed_month < fits.window_to
        and touches.created_month < fits.window_to
        and touches.earlier_path_month < fits.window_from
),

sized as (
    select
        channels.*,
        count(*) over (partition by period, customer_key) as channel_count
    from channels
),

final as (
    select
        'transition' as kind,
        period,
        customer_type,
        '(start)' as from_state,
        channel as to_state,
        cast(sum(touch_count) as bigint) as path_count
    from steps
    where is_first
    group by period, customer_type, channel
    union all
    select
        'transition' as kind,
        period,
        customer_type,
        channel as from_state,
        to_state,
        cast(sum(touch_count) as bigint) as path_count
    from steps
    group by period, customer_type, channel, to_state
    union all
    select
        'coalition' as kind,
        period,
        customer_type,
        channel as from_state,
        cast(channel_count as {{ dbt.type_string() }}) as to_state,
        count(*) as path_count
    from sized
    group by period, customer_type, channel, channel_count
)

select * from final
