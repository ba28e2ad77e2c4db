select cast(sum(amount) as decimal(28, 2)) as amount
from {{ ref('fct_signed') }}
