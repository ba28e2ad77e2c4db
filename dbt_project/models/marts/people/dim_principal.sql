-- One row per delivered login of the serving database; access.yml adds its own.
with final as (
    select
        login,
        role,
        employee_id,
        valid_from,
        valid_to,
        is_in_question
    from {{ ref('stg_principals') }}
)

select * from final
