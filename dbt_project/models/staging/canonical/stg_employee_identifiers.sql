-- One row per way of naming an employee in a file: (match_on, identifier) → employee_id.
with employees as (
    select
        employee_id,
        lower(trim(email)) as email
    from {{ ref('stg_files__employees') }}
),

users as (
    select
        source_user_id,
        employee_id
    from {{ ref('stg_files__source_users') }}
    where source = 'files'
),

-- an address that two employees share names neither of them
unique_emails as (
    select
        email,
        min(employee_id) as employee_id
    from employees
    where email <> ''
    group by email
    having count(*) = 1
),

crosswalk as (
    select
        users.source_user_id,
        coalesce(employees.employee_id, unique_emails.employee_id) as employee_id
    from users
    left join employees on users.employee_id = employees.employee_id
    left join unique_emails on lower(trim(users.employee_id)) = unique_emails.email
    where employees.employee_id is not null or unique_emails.employee_id is not null
),

candidates as (
    select
        'exact' as match_on,
        employee_id as identifier,
        employee_id,
        'employee_id' as resolved_by,
        1 as precedence
    from employees
    union all
    select
        'exact' as match_on,
        source_user_id as identifier,
        employee_id,
        'crosswalk' as resolved_by,
        2 as precedence
    from crosswalk
    union all
    select
        'email' as match_on,
        email as identifier,
        employee_id,
        'email' as resolved_by,
        3 as precedence
    from unique_emails
),

ranked as (
    select
        candidates.*,
        row_number() over (
            partition by candidates.match_on, candidates.identifier
            order by candidates.precedence asc, candidates.employee_id asc
        ) as identifier_rank
    from candidates
),

final as (
    select
        match_on || '|' || identifier as identifier_key,
        match_on,
        identifier,
        employee_id,
        resolved_by
    from ranked
    where identifier_rank = 1
)

select * from final
