-- One row per transferred deal and employee whose measures count it in part: the receiver, and the giver when the plan
-- leaves the remainder to him (rulebook 5).
select
    transfers.deal_id,
    transfers.to_employee_id as employee_id,
    transfers.from_employee_id,
    transfers.counted_share,
    policies.remainder_to
from {{ ref('fct_transfers') }} as transfers
inner join {{ ref('int_deals') }} as deals on transfers.deal_id = deals.deal_id
inner join {{ source('plans', 'crediting_policies') }} as policies
    on deals.signed_date >= policies.valid_from and deals.signed_date < policies.valid_to
