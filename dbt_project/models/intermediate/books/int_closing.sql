-- One row: up to which month the books are closed, and the open month in which differences from closed ones are posted.
with closed as (
    select max(period) as closed_through from {{ source('ledger', 'closed_periods') }}
),

final as (
    select
        closed.closed_through,
        min(months.period) as posting_period
    from closed
    left join {{ ref('int_months') }} as months on closed.closed_through < months.period
    group by closed.closed_through
)

select * from final
