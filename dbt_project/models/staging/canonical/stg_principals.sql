-- One row per login of the serving database. A login with a newer row in quarantine is in question: nobody knows what it may see.
with latest as (
    select * from {{ ref('stg_files__principals') }}
),

in_question as (
    select distinct {{ json_text('record_json', 'login') }} as login
    from {{ ref('stg_unread_rows') }}
    where source_table = 'principals'
),

final as (
    select
        latest.login,
        latest.role,
        {{ resolve_employee('employee_id') }} as employee_id,
        latest.valid_from,
        latest.valid_to,
        in_question.login is not null as is_in_question,
        {{ lineage('principals', ['latest.login']) }}
    from latest
    {{ join_employees(['employee_id']) }}
    left join in_question on latest.login = in_question.login
)

select * from final
