select run_id, as_of, timezone, code_version from {{ ref('stg_calculation') }}
