-- One row per deal. A cancellation after the as-of time is not yet: until then the deal is a signed one.
with latest as (
    select * from {{ ref('stg_files__deals') }}
),

cancellations as (
    select
        deal_id,
        min(occurred_at) as occurred_at
    from {{ ref('stg_files__transactions') }}
    where kind = 'cancellation'
    group by deal_id
),

final as (
    select
        latest.deal_id,
        latest.customer_id,
        {{ resolve_employee('owner_employee_id') }} as owner_employee_id,
        latest.owner_employee_id as owner_employee_id_raw,
        latest.amount,
        latest.currency,
        latest.units,
        latest.signed_at,
        {{ business_date('latest.signed_at') }} as signed_date,
        case
            when latest.status = 'cancelled' and not {{ happened('occurred_at', 'cancellations') }} then 'signed'
            else latest.status
        end as status,
        latest.claimed_source,
        latest.referrer_customer_id,
        latest.product,
        latest.deal_kind,
        {{ lineage('deals', ['latest.deal_id']) }}
    from latest
    left join cancellations on latest.deal_id = cancellations.deal_id
    {{ join_employees(['owner_employee_id']) }}
    where {{ happened('signed_at') }}
)

select * from final
