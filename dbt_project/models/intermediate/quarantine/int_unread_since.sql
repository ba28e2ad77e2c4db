-- One row per employee: the first month in which a row in quarantine holds something. A top-up from then on would make good
-- for what is held.
with found as (
    select
        employee_id,
        period
    from {{ ref('int_lines_settled') }}
    where reason like '%row_in_quarantine%'
    union all
    select
        employee_id,
        period
    from {{ ref('int_unread_months') }}
    where kind = 'month'
),

final as (
    select
        employee_id,
        min(period) as first_period
    from found
    group by employee_id
)

select * from final
