-- One row per credit that depends on a row in quarantine through its deal, its award or the earner's role.
with unread_deals as (
    select
        deal_id,
        min(case when is_award_only then 1 else 0 end) = 1 as is_award_only
    from {{ ref('int_unread_deals') }}
    group by deal_id
),

final as (
    select
        parts.deal_id,
        parts.transaction_id,
        parts.origin_transaction_id,
        parts.pool,
        parts.employee_id
    from {{ ref('int_pool_parts') }} as parts
    inner join unread_deals as deals on parts.deal_id = deals.deal_id
    where not deals.is_award_only or parts.pool = 'collaboration'
    union
    select
        parts.deal_id,
        parts.transaction_id,
        parts.origin_transaction_id,
        parts.pool,
        parts.employee_id
    from {{ ref('int_pool_parts') }} as parts
    inner join {{ ref('int_unread_roles') }} as roles
        on parts.employee_id = roles.employee_id
        and parts.origin_date >= roles.valid_from
        and parts.origin_date < roles.valid_to
)

select * from final
