-- One row per employee and stretch of days on which the role depends on a row in quarantine: from an assignment to the next
-- one; always where the person's own record, or the crosswalk, or every assignment cannot be read. Half-open.
with unread as (
    select
        people.employee_id,
        unread.source_table,
        unread.valid_from
    from {{ ref('stg_open_quarantine') }} as unread
    inner join {{ ref('int_unread_people') }} as people on unread.unread_id = people.unread_id
    where unread.source_table in ('employees', 'employee_assignments', 'source_users')
),

with_history as (
    select distinct employee_id
    from {{ ref('stg_employee_assignments') }}
),

final as (
    select distinct
        unread.employee_id,
        case
            when unread.source_table = 'employee_assignments' and with_history.employee_id is not null
                then coalesce(unread.valid_from, date '1900-01-01')
            else date '1900-01-01'
        end as valid_from,
        coalesce(
            case
                when unread.source_table = 'employee_assignments' and with_history.employee_id is not null then (
                    select min(roles.valid_from)
                    from {{ ref('int_assignments') }} as roles
                    where roles.employee_id = unread.employee_id and roles.valid_from > unread.valid_from
                )
            end,
            date '9999-12-31'
        ) as valid_to
    from unread
    left join with_history on unread.employee_id = with_history.employee_id
)

select * from final
