{{ config(enabled=target.name == 'spark') }}
-- On Spark: one row per spelling and its normal form; the function is that of the model in Python, on every worker.
select
    kind,
    value,
    normal_form(kind, value) as normal_form
from {{ ref('int_spellings') }}
