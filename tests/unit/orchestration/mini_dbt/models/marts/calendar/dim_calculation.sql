select * from {{ ref("stg_calculation") }}
