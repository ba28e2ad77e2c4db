-- One row per employee, month and sales attainment: the target of the month itself; one given for the KPI goes before one
-- given for the measure, and quarters and years are not split.
with named as (
    select
        employee_id,
        period,
        target,
        case when kpi_id in ('sales_amount_attainment', 'sales_amount') then 'sales_amount_attainment' else 'sales_volume_attainment' end as kpi_id,
        case when kpi_id in ('sales_amount_attainment', 'sales_volume_attainment') then 1 else 2 end as choice
    from {{ ref('stg_targets') }}
    where kpi_id in ('sales_amount_attainment', 'sales_amount', 'sales_volume_attainment', 'units')
),

ranked as (
    select
        named.*,
        row_number() over (partition by employee_id, period, kpi_id order by choice asc) as choice_no
    from named
),

final as (
    select
        employee_id,
        period,
        kpi_id,
        target
    from ranked
    where choice_no = 1
)

select * from final
