-- A lead is valid exactly when no rule fails; the reason is the first of the reasons; it became valid at its creation or
-- later, and only a valid one did.
select
    lead_id,
    is_valid,
    reason,
    reasons,
    became_valid_at
from {{ ref('fct_lead_validity') }}
where is_valid != (reasons is null)
    or is_valid != (became_valid_at is not null)
    or became_valid_at < created_at
    or coalesce(reason, '') != coalesce({{ dbt.split_part('reasons', "';'", 1) }}, '')
