-- One row per lead: whether it is valid, and every rule it fails (rulebook 3.1).
with facts as (
    select * from {{ ref('int_lead_facts') }}
),

rules as (
    select * from {{ ref('int_lead_rules') }}
),

judged as (
    select
        facts.*,
        nullif(concat_ws(
            ';',
            case when rules.applies_missing_contact and facts.is_contact_missing then 'missing_contact' end,
            case
                when rules.applies_bad_contact and not facts.is_contact_missing and not facts.is_contact_well_formed
                    then 'bad_contact'
            end,
            case
                when rules.applies_duplicate
                    and {{ days_between('facts.previous_lead_date', 'facts.created_date') }} <= facts.dedupe_days
                    then 'duplicate'
            end,
            case when rules.applies_existing_customer and facts.is_existing_customer then 'existing_customer' end,
            case when rules.applies_out_of_profile and facts.is_out_of_profile then 'out_of_profile' end,
            case when rules.applies_rejected and facts.review_status = 'rejected' then 'rejected' end,
            case
                when rules.applies_stale
                    and facts.visit_days is not null
                    and (
                        facts.visited_date is null
                        or {{ days_between('facts.created_date', 'facts.visited_date') }} > facts.visit_days
                    )
                    then 'stale'
            end
        ), '') as reasons
    from facts
    inner join rules on facts.policy_id = rules.policy_id
),

final as (
    select
        lead_id,
        customer_key,
        owner_employee_id,
        created_at,
        created_date,
        reasons is null as is_valid,
        {{ dbt.split_part('reasons', "';'", 1) }} as reason,
        reasons,
        case
            when reasons is null then greatest(
                created_at,
                coalesce(case when visit_days is not null then visited_at end, created_at),
                coalesce(case when review_status = 'accepted' then reviewed_at end, created_at)
            )
        end as became_valid_at
    from judged
)

select * from final
