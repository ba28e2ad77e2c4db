-- Every delivered lead has exactly one verdict, and every verdict a delivered lead.
with judged as (
    select
        lead_id,
        count(*) as verdict_count
    from {{ ref('fct_lead_validity') }}
    group by lead_id
)

select
    leads.lead_id as delivered_lead_id,
    judged.lead_id as judged_lead_id,
    judged.verdict_count
from {{ ref('stg_leads') }} as leads
full outer join judged on leads.lead_id = judged.lead_id
where leads.lead_id is null or judged.lead_id is null or judged.verdict_count != 1
