select
    deal_id,
    amount
from {{ source('files', 'deals') }}
where (select count(*) from {{ source('plans', 'plans') }}) > 0
