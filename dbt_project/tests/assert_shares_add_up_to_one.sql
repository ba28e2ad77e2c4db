-- Published shares add up to exactly 1: of a deal in every attribution model, of a transaction in every pool.
with shares as (
    select
        'attribution' as kind,
        deal_id,
        model as part,
        sum(share) as share_total
    from {{ ref('fct_attribution') }}
    group by deal_id, model
    union all
    select
        'credits' as kind,
        deal_id,
        transaction_id || '/' || pool as part,
        sum(share) as share_total
    from {{ ref('fct_credits') }}
    group by deal_id, transaction_id, pool
)

select *
from shares
where share_total != 1
