-- One row per signed deal, pool and employee as delivered. Splits of deals nobody delivered are in stg_rejections.
with latest as (
    select * from {{ ref('stg_files__deal_splits') }}
),

known_deals as (
    select deal_id from {{ ref('stg_deals') }}
),

final as (
    select
        latest.deal_id,
        latest.pool,
        {{ resolve_employee('employee_id') }} as employee_id,
        latest.employee_id as employee_id_raw,
        latest.share,
        {{ lineage('deal_splits', ['latest.deal_id', 'latest.employee_id', 'latest.pool']) }}
    from latest
    inner join known_deals on latest.deal_id = known_deals.deal_id
    {{ join_employees(['employee_id']) }}
)

select * from final
