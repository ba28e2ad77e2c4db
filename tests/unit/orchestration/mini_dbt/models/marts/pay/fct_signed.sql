select
    deals.deal_id,
    deals.amount
from {{ source('files', 'deals') }} as deals
where (select count(*) from {{ source('plans', 'plans') }}) > 0
    and deals._load_id in (select loads.load_id from {{ source('files', 'loads') }} as loads)
