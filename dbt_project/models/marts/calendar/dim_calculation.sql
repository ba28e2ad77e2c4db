-- One row: what identifies the calculation that the marts come from.
select
    run_id,
    as_of,
    as_of_date,
    timezone,
    code_version
from {{ ref('stg_calculation') }}
