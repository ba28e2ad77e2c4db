-- A released line settles a line held in an earlier month: same deal, component, month of origin and amount.
with lines as (
    select
        line_id,
        settles_line_id,
        component,
        coalesce(deal_id, '') as deal_id,
        period,
        origin_period,
        amount,
        status
    from {{ ref('int_payout_lines') }}
)

select
    released.line_id,
    released.period,
    released.amount,
    held.period as held_period,
    held.amount as held_amount
from lines as released
left join lines as held on released.settles_line_id = held.line_id and held.status = 'held'
where released.status = 'released'
    and (
        held.line_id is null
        or held.component != released.component
        or held.deal_id != released.deal_id
        or held.period >= released.period
        or held.origin_period != released.origin_period
        or held.amount != released.amount
    )
