-- One row per crediting policy: which rules of lead validity it applies.
select
    policy_id,
    max(case when value = 'missing_contact' then 1 else 0 end) = 1 as applies_missing_contact,
    max(case when value = 'bad_contact' then 1 else 0 end) = 1 as applies_bad_contact,
    max(case when value = 'duplicate' then 1 else 0 end) = 1 as applies_duplicate,
    max(case when value = 'existing_customer' then 1 else 0 end) = 1 as applies_existing_customer,
    max(case when value = 'out_of_profile' then 1 else 0 end) = 1 as applies_out_of_profile,
    max(case when value = 'rejected' then 1 else 0 end) = 1 as applies_rejected,
    max(case when value = 'stale' then 1 else 0 end) = 1 as applies_stale
from {{ source('plans', 'crediting_values') }}
where list_name = 'lead_rules'
group by policy_id
