select
    '{{ env_var("INCENTIVES_RUN_ID", var("run_id")) }}' as run_id,
    cast('{{ env_var("INCENTIVES_AS_OF", var("as_of")) }}' as timestamp) as as_of,
    '{{ var("timezone") }}' as timezone,
    '{{ env_var("INCENTIVES_CODE_VERSION", var("code_version")) }}' as code_version
