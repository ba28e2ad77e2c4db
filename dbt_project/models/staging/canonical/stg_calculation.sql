-- One row: what identifies this calculation. The orchestrator says it by environment variables, because other --vars
-- would make dbt parse the whole project anew in every run.
select
    '{{ env_var("INCENTIVES_RUN_ID", var("run_id")) }}' as run_id,
    cast('{{ env_var("INCENTIVES_AS_OF", var("as_of")) }}' as timestamp) as as_of,
    {{ business_date("cast('" ~ env_var("INCENTIVES_AS_OF", var("as_of")) ~ "' as timestamp)") }} as as_of_date,
    '{{ var("timezone") }}' as timezone,
    '{{ env_var("INCENTIVES_CODE_VERSION", var("code_version")) }}' as code_version
