-- One row per transfer and deal it is paired with; a transfer without a deal keeps one row with a NULL deal. A deal
-- pairs with the latest transfer before its signing inside the window (rulebook 5). A first assignment is no transfer.
with policies as (
    select * from {{ source('plans', 'crediting_policies') }}
),

transfers as (
    select
        changes.change_id,
        coalesce(keys.customer_key, changes.customer_id) as customer_key,
        changes.from_employee_id,
        changes.to_employee_id,
        changes.changed_at,
        changes.changed_date,
        changes.reason
    from {{ ref('stg_ownership_changes') }} as changes
    left join {{ ref('int_customer_keys') }} as keys on changes.customer_id = keys.customer_id
    where changes.from_employee_id is not null and changes.from_employee_id != changes.to_employee_id
),

candidates as (
    select
        transfers.change_id,
        deals.deal_id,
        deals.signed_at,
        deals.signed_date,
        deals.policy_id,
        row_number() over (
            partition by deals.deal_id order by transfers.changed_at desc, transfers.change_id desc
        ) as latest_no
    from transfers
    inner join {{ ref('int_deals') }} as deals
        on transfers.customer_key = deals.customer_key and transfers.changed_at <= deals.signed_at
    inner join policies
        on deals.policy_id = policies.policy_id
        and deals.signed_date >= policies.valid_from
        and deals.signed_date < policies.valid_to
    where deals.is_creditable
        and {{ days_between('transfers.changed_date', 'deals.signed_date') }} <= policies.window_days
),

final as (
    select
        transfers.change_id,
        candidates.deal_id,
        transfers.customer_key,
        transfers.from_employee_id,
        transfers.to_employee_id,
        transfers.changed_at,
        transfers.changed_date,
        transfers.reason,
        candidates.signed_at,
        candidates.signed_date,
        coalesce(candidates.signed_date, transfers.changed_date) as policy_date
    from transfers
    left join candidates on transfers.change_id = candidates.change_id and candidates.latest_no = 1
)

select * from final
