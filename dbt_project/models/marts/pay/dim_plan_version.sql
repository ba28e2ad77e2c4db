-- One row per plan version that was ever loaded, with its text: a payout line names its version by hash.
select
    plan_hash,
    plan_id,
    file,
    content,
    canonical_json
from {{ source('plans', 'plan_files') }}
