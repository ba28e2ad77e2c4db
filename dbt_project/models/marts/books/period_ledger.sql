-- One row per entry of the ledger: what happened to a month, when and by whom, chained by hashes.
select
    sequence,
    period,
    event,
    cast({{ adapter.quote('at') }} as timestamp) as {{ adapter.quote('at') }},
    {{ adapter.quote('by') }},
    lines_hash,
    previous_hash,
    entry_hash,
    plan_hashes,
    input_hash,
    code_version,
    subject,
    note
from {{ source('ledger', 'period_events') }}
