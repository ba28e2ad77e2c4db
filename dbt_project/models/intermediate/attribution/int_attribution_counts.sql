-- One row per fit, customer type and count that the data-driven models need: transitions of the chain (from, to), and
-- converted paths by channel and number of distinct channels.
with types as (
    select * from {{ ref('int_customer_types') }}
),

steps as (
    select
        paths.period,
        coalesce(types.customer_type, '') as customer_type,
        paths.channel,
        paths.next_channel,
        paths.is_converted,
        paths.is_first,
        count(*) as path_count
    from {{ ref('int_attribution_paths') }} as paths
    left join types on paths.customer_key = types.customer_key
    group by
        paths.period,
        coalesce(types.customer_type, ''),
        paths.channel,
        paths.next_channel,
        paths.is_converted,
        paths.is_first
),

channels as (
    select distinct
        period,
        customer_key,
        channel
    from {{ ref('int_attribution_paths') }}
    where is_converted
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
        cast(sum(path_count) as bigint) as path_count
    from steps
    where is_first
    group by period, customer_type, channel
    union all
    select
        'transition' as kind,
        period,
        customer_type,
        channel as from_state,
        coalesce(next_channel, case when is_converted then '(conversion)' else '(null)' end) as to_state,
        cast(sum(path_count) as bigint) as path_count
    from steps
    group by
        period,
        customer_type,
        channel,
        coalesce(next_channel, case when is_converted then '(conversion)' else '(null)' end)
    union all
    select
        'coalition' as kind,
        sized.period,
        coalesce(types.customer_type, '') as customer_type,
        sized.channel as from_state,
        cast(sized.channel_count as {{ dbt.type_string() }}) as to_state,
        count(*) as path_count
    from sized
    left join types on sized.customer_key = types.customer_key
    group by sized.period, coalesce(types.customer_type, ''), sized.channel, sized.channel_count
)

select * from final
