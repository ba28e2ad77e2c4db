-- What was set aside at the raw edge (completed deliveries) or rejected since is in the published quarantine, all of it.
with set_aside as (
    select
        quarantine.source_table,
        quarantine.reason,
        count(*) as expected_count
    from {{ source('files', 'quarantine') }} as quarantine
    inner join {{ source('files', 'loads') }} as loads on quarantine.load_id = loads.load_id
    group by quarantine.source_table, quarantine.reason
    union all
    select
        source_table,
        reason,
        count(*) as expected_count
    from {{ ref('stg_rejections') }}
    group by source_table, reason
),

expected as (
    select
        source_table,
        reason,
        sum(expected_count) as expected_count
    from set_aside
    group by source_table, reason
),

published as (
    select
        source_table,
        reason,
        count(*) as published_count
    from {{ ref('quarantine') }}
    group by source_table, reason
)

select
    coalesce(expected.source_table, published.source_table) as source_table,
    coalesce(expected.reason, published.reason) as reason,
    expected.expected_count,
    published.published_count
from expected
full outer join published
    on expected.source_table = published.source_table and expected.reason = published.reason
where coalesce(expected.expected_count, 0) != coalesce(published.published_count, 0)
