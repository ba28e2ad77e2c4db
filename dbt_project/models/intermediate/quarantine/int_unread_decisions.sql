-- One row per line or transfer on which a decision in quarantine was taken: the latest counts, and it is not known.
select distinct
    coalesce(subject, 'payout_line') as subject,
    subject_id
from {{ ref('stg_open_quarantine') }}
where source_table = 'resolutions' and subject_id is not null
