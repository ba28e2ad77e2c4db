-- One row per currency and stretch of days with one rate to the base currency (half-open).
select
    currency,
    date as valid_from,
    coalesce(lead(date) over (partition by currency order by date asc), date '9999-12-31') as valid_to,
    rate_to_base
from {{ ref('stg_fx_rates') }}
