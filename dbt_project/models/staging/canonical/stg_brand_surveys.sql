with latest as (
    select * from {{ ref('stg_files__brand_surveys') }}
),

final as (
    select
        latest.survey_id,
        {{ resolve_employee('owner_employee_id') }} as owner_employee_id,
        latest.owner_employee_id as owner_employee_id_raw,
        latest.surveyed_on,
        latest.respondents,
        latest.aware,
        {{ lineage('brand_surveys', ['latest.survey_id']) }}
    from latest
    {{ join_employees(['owner_employee_id']) }}
    where {{ happened('surveyed_on') }}
)

select * from final
