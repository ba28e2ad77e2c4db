-- One row per employee and month: deals signed by others after the employee gave the customer away, per such deals and
-- the employee's own.
with deals as (
    select
        coalesce(owner_employee_id, 'UNRESOLVED') as employee_id,
        period,
        0 as given_away
    from {{ ref('fct_deal_sources') }}
    where is_creditable
    union all
    select
        transfers.from_employee_id as employee_id,
        sources.period,
        1 as given_away
    from {{ ref('fct_transfers') }} as transfers
    inner join {{ ref('fct_deal_sources') }} as sources on transfers.deal_id = sources.deal_id
),

facts as (
    select
        employee_id,
        period,
        sum(given_away) as numerator,
        count(*) as denominator
    from deals
    group by employee_id, period
),

final as (
    {{ kpi_ratio('facts') }}
)

select * from final
