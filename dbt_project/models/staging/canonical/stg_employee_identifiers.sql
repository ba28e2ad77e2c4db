-- One row per way of naming an employee in a source: (match_on, identifier) → employee_id. What a row in quarantine says of an
-- address or a user nobody knows: such a one names nobody (reading 41).
with employees as (
    select
        employee_id,
        lower(trim(email)) as email
    from {{ ref('stg_files__employees') }}
),

users as (
    select
        source,
        source_user_id,
        employee_id
    from {{ ref('stg_files__source_users') }}
),

unread as (
    select
        source_table,
        {{ json_text('record_json', 'employee_id') }} as employee_id,
        lower(trim({{ json_text('record_json', 'email') }})) as email,
        coalesce({{ json_text('record_json', 'source') }}, 'files') as source,
        {{ json_text('record_json', 'source_user_id') }} as source_user_id
    from {{ ref('stg_unread_rows') }}
    where source_table in ('employees', 'source_users')
),

-- ids of people, and users, that are in quarantine: they are somebody, and not known whom
somebody as (
    select
        source,
        source_user_id as identifier
    from unread
    where source_table = 'source_users' and source_user_id is not null
    union
    select
        'files' as source,
        employee_id as identifier
    from unread
    where source_table = 'employees' and employee_id is not null
),

-- an address that two employees share names neither of them
unique_emails as (
    select
        holders.email,
        min(employees.employee_id) as employee_id
    from (
        select email, employee_id from employees
        union all
        select email, coalesce(employee_id, '') as employee_id from unread where source_table = 'employees'
    ) as holders
    left join employees on holders.employee_id = employees.employee_id
    left join somebody on holders.email = lower(trim(somebody.identifier)) and somebody.source = 'files'
    where holders.email <> '' and somebody.identifier is null
    group by holders.email
    having count(distinct holders.employee_id) = 1 and min(employees.employee_id) is not null
),

crosswalk as (
    select
        users.source,
        users.source_user_id,
        coalesce(employees.employee_id, unique_emails.employee_id) as employee_id
    from users
    left join employees on users.employee_id = employees.employee_id
    left join unique_emails on lower(trim(users.employee_id)) = unique_emails.email
    left join somebody on users.source_user_id = somebody.identifier and users.source = somebody.source
    where somebody.identifier is null and (employees.employee_id is not null or unique_emails.employee_id is not null)
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
    where source = 'files'
    union all
    select
        source || ' user' as match_on,
        source_user_id as identifier,
        employee_id,
        'crosswalk' as resolved_by,
        1 as precedence
    from crosswalk
    where source != 'files'
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
