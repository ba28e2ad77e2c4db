-- One row per fit, customer type and count that the data-driven models need: transitions of the chain (from, to), and
-- converted paths by channel and number of distinct channels.
with paths as (
    select
        paths.*,
        coalesce(types.customer_type, '') as customer_type
    from {{ ref('int_attribution_paths') }} as paths
    left join {{ ref('int_customer_types') }} as types on paths.customer_key = types.customer_key
),

channels as (
    select distinct
        period,
        customer_type,
        customer_key,
        channel
    from paths
    where is_converted
),

sizes as (
    select
        period,
        customer_key,
        count(*) as channel_count
    from channels
    group by period, customer_key
),

final as (
    select
        'transition' as kind,
        period,
        customer_type,
        '(start)' as from_state,
        channel as to_state,
        count(*) as path_count
    from paths
    where touch_no = 1
    group by period, customer_type, channel
    union all
    select
        'transition' as kind,
        period,
        customer_type,
        channel as from_state,
        case when next_channel is not null then next_channel when is_converted then '(conversion)' else '(null)' end as to_state,
        count(*) as path_count
    from paths
    group by
        period,
        customer_type,
        channel,
        case when next_channel is not null then next_channel when is_converted then '(conversion)' else '(null)' end
    union all
    select
        'coalition' as kind,
        channels.period,
        channels.customer_type,
        channels.channel as from_state,
        cast(sizes.channel_count as {{ dbt.type_string() }}) as to_state,
        count(*) as path_count
    from channels
    inner join sizes on channels.period = sizes.period and channels.customer_key = sizes.customer_key
    group by channels.period, channels.customer_type, channels.channel, sizes.channel_count
)

select * from final
