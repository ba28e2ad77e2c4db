-- One row per employee, month and KPI option that the scorecard of the month sets.
select
    months.employee_id,
    months.period,
    options.kpi_id,
    options.option_name,
    options.value_text,
    options.value_number
from {{ ref('int_kpi_months') }} as months
inner join {{ source('plans', 'kpi_options') }} as options
    on months.plan_hash = options.plan_hash and months.component_id = options.component_id
