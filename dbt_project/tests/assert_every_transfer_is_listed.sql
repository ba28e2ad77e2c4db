-- Every ownership change from one employee to another is a transfer; a first assignment is none. A deal is paired once.
with changes as (
    select change_id
    from {{ ref('stg_ownership_changes') }}
    where from_employee_id is not null and from_employee_id != to_employee_id
),

listed as (
    select distinct change_id from {{ ref('fct_transfers') }}
),

paired_twice as (
    select deal_id
    from {{ ref('fct_transfers') }}
    where deal_id is not null
    group by deal_id
    having count(*) > 1
)

select
    coalesce(changes.change_id, listed.change_id) as record_id,
    case when listed.change_id is null then 'transfer_missing' else 'no_transfer' end as problem
from changes
full outer join listed on changes.change_id = listed.change_id
where changes.change_id is null or listed.change_id is null
union all
select
    deal_id as record_id,
    'paired_twice' as problem
from paired_twice
