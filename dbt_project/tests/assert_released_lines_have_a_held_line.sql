-- A released line settles a line held in an earlier month: same deal, component, month of origin and amount.
with held as (
    select
        md5(line_id || '|settled') as settlement_id,
        component,
        coalesce(deal_id, '') as deal_id,
        period,
        origin_period,
        amount
    from {{ ref('fct_payout_lines') }}
    where status = 'held'
)

select
    released.line_id,
    released.period,
    released.amount,
    held.period as held_period,
    held.amount as held_amount
from {{ ref('fct_payout_lines') }} as released
left join held on released.line_id = held.settlement_id
where released.status = 'released'
    and (
        held.settlement_id is null
        or held.component != released.component
        or held.deal_id != coalesce(released.deal_id, '')
        or held.period >= released.period
        or held.origin_period != released.origin_period
        or held.amount != released.amount
    )
