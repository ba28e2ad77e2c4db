-- One row per row in quarantine that no later delivery brought well: what it holds, and whether its key can be read at all
-- (reading 41).
with people as (
    select unread_id, count(*) as people from {{ ref('int_unread_people') }} group by unread_id
),

customers as (
    select unread_id, count(*) as customers from {{ ref('int_unread_customers') }} group by unread_id
),

deals as (
    select unread_id, count(distinct deal_id) as deals from {{ ref('int_unread_deals') }} group by unread_id
),

final as (
    select
        unread.source_table,
        unread.source_location as location,
        unread.load_id,
        people.people is not null
        or customers.customers is not null
        or coalesce(
            unread.deal_id, unread.subject_id, case when unread.source_table = 'fx_rates' then unread.currency end
        ) is not null
        or unread.source_table = 'courses' as is_key_readable,
        coalesce(deals.deals, 0) as held_deals,
        coalesce(people.people, 0) as held_people
    from {{ ref('stg_open_quarantine') }} as unread
    left join people on unread.unread_id = people.unread_id
    left join customers on unread.unread_id = customers.unread_id
    left join deals on unread.unread_id = deals.unread_id
    where not unread.is_former
)

select * from final
