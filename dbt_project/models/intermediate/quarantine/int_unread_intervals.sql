-- One row per interval of a rate table whose total, or quota, depends on a row in quarantine: with it every line of the
-- interval.
with credits as (
    select * from {{ ref('int_table_credits') }}
),

final as (
    select
        credits.employee_id,
        credits.plan_hash,
        credits.component_id,
        credits.interval_id
    from credits
    inner join {{ ref('int_unread_credits') }} as unread
        on credits.deal_id = unread.deal_id
        and credits.transaction_id = unread.transaction_id
        and credits.origin_transaction_id = unread.origin_transaction_id
        and credits.pool = unread.pool
        and credits.employee_id = unread.employee_id
    union
    select
        credits.employee_id,
        credits.plan_hash,
        credits.component_id,
        credits.interval_id
    from credits
    inner join {{ ref('int_months') }} as months
        on credits.interval_id = case credits.interval_unit
            when 'year' then months.year
            when 'quarter' then months.quarter
            else months.period
        end
    inner join {{ ref('int_unread_months') }} as unread
        on credits.employee_id = unread.employee_id and months.period = unread.period
    where unread.kind = 'sales' or (unread.kind = 'quota' and unread.kpi_id in ('', coalesce(credits.quota_kpi, '')))
)

select * from final
