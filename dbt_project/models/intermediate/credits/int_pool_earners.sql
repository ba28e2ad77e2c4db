-- One row per credited transaction, pool and earner, with the rate of the earner's plan on the business date of the
-- positive transaction (a reversal keeps plan and rate of what it reverses).
with transactions as (
    select * from {{ ref('int_credited_transactions') }}
),

-- bounds and positions without NULL: the joins below compare column with column, which is no nested loop
rates as (
    select
        rates.pool,
        rates.deal_source,
        rates.department,
        rates.position,
        rates.valid_from,
        rates.valid_to,
        coalesce(rates.signed_from, date '0001-01-01') as signed_from,
        coalesce(rates.signed_to, date '9999-12-31') as signed_to,
        rates.plan_id,
        rates.plan_hash,
        rates.component_id,
        rates.rate,
        rates.first_rate,
        rates.fixed_amount,
        rates.has_table
    from {{ ref('int_pool_rates') }} as rates
),

positions as (
    select distinct coalesce(position, '') as position
    from {{ ref('int_assignments') }}
),

position_rates as (
    select
        rates.*,
        positions.position as held_position
    from rates
    inner join positions on rates.position = '' or rates.position = positions.position
),

shares as (
    select
        transactions.deal_id,
        transactions.transaction_id,
        transactions.origin_transaction_id,
        transactions.business_date,
        transactions.origin_date,
        transactions.remaining_before,
        transactions.remaining_after,
        coalesce(transactions.is_moved, false) as is_moved,
        shares.pool,
        shares.employee_id,
        shares.weight,
        shares.weight_total,
        shares.people,
        shares.is_bad_split,
        case when shares.pool = 'collaboration' then shares.award else sources.paid_as_source end as rate_source,
        sources.base_currency as currency,
        sources.base_amount,
        sources.signed_date,
        sources.has_fx_rate,
        assignments.department,
        assignments.position
    from transactions
    inner join {{ ref('fct_deal_sources') }} as sources on transactions.deal_id = sources.deal_id
    inner join {{ ref('int_pool_shares') }} as shares on transactions.deal_id = shares.deal_id
    left join {{ ref('int_assignments') }} as assignments
        on shares.employee_id = assignments.employee_id
        and transactions.origin_date >= assignments.valid_from
        and transactions.origin_date < assignments.role_valid_to
),

-- an unresolved earner has no department: the first plan that pays the pool shows what is at stake
rated as (
    select
        shares.*,
        rates.plan_id,
        rates.plan_hash,
        rates.component_id,
        case
            when not coalesce(rates.has_table, false) then rates.rate
            when not shares.has_fx_rate then rates.first_rate
        end as rate,
        coalesce(rates.has_table, false) and shares.has_fx_rate as has_table,
        rates.fixed_amount,
        row_number() over (
            partition by shares.deal_id, shares.transaction_id, shares.origin_transaction_id, shares.pool
            order by rates.plan_id asc, rates.has_table desc, rates.component_id asc
        ) as plan_no
    from shares
    left join rates
        on shares.pool = rates.pool
        and shares.rate_source = rates.deal_source
        and shares.origin_date >= rates.valid_from
        and shares.origin_date < rates.valid_to
        and shares.signed_date >= rates.signed_from
        and shares.signed_date < rates.signed_to
    where shares.employee_id = 'UNRESOLVED'
),

resolved as (
    select
        shares.*,
        rates.plan_id,
        rates.plan_hash,
        rates.component_id,
        case
            when not coalesce(rates.has_table, false) then rates.rate
            when not shares.has_fx_rate then rates.first_rate
        end as rate,
        coalesce(rates.has_table, false) and shares.has_fx_rate as has_table,
        rates.fixed_amount,
        1 as plan_no
    from shares
    left join position_rates as rates
        on shares.pool = rates.pool
        and shares.rate_source = rates.deal_source
        and shares.department = rates.department
        and coalesce(shares.position, '') = rates.held_position
        and shares.origin_date >= rates.valid_from
        and shares.origin_date < rates.valid_to
        and shares.signed_date >= rates.signed_from
        and shares.signed_date < rates.signed_to
    where shares.employee_id != 'UNRESOLVED'
),

plan_rated as (
    select * from resolved
    union all
    select * from rated where plan_no = 1
),

final as (
    select
        plan_rated.deal_id,
        plan_rated.transaction_id,
        plan_rated.origin_transaction_id,
        plan_rated.business_date,
        plan_rated.origin_date,
        plan_rated.remaining_before,
        plan_rated.remaining_after,
        plan_rated.pool,
        plan_rated.employee_id,
        plan_rated.weight,
        plan_rated.weight_total,
        plan_rated.people,
        plan_rated.is_bad_split,
        plan_rated.rate_source,
        plan_rated.currency,
        plan_rated.has_fx_rate,
        plan_rated.department,
        plan_rated.position,
        plan_rated.plan_id,
        plan_rated.plan_hash,
        plan_rated.component_id,
        plan_rated.has_table,
        -- in 64 bits, as fct_credits publishes it: what multiplies with it would compute in 128 otherwise
        cast(case
            when plan_rated.fixed_amount is not null
                then {{ exact_div('cast(plan_rated.fixed_amount as decimal(18, 2))', 'plan_rated.base_amount', 12, 2) }}
            else plan_rated.rate
        end as decimal(18, 12)) as rate,
        plan_rated.is_moved,
        plan_rated.fixed_amount,
        plan_rated.base_amount
    from plan_rated
)

select * from final
