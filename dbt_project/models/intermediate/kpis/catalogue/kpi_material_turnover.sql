-- One row per employee and month: materials issued in the last 12 months per mean of their month-end stocks; with a shorter
-- history the months there are. Option `months`.
with {{ kpi_option('material_turnover', 'months') }},

months as (
    select
        stocks.employee_id,
        stocks.period,
        stocks.starts_on,
        cast(round(coalesce(chosen.value_number, defaults.value_number), 0) as integer) as month_count
    from {{ ref('int_material_months') }} as stocks
    left join chosen on stocks.employee_id = chosen.employee_id and stocks.period = chosen.period
    left join defaults on true
    where stocks.is_shown
),

facts as (
    select
        months.employee_id,
        months.period,
        sum(window_months.issued_amount) as numerator,
        {{ exact_div('sum(window_months.stock_amount)', 'count(*)', 6, 2) }} as denominator,
        sum(window_months.issued_amount) * count(*) as exact_numerator,
        sum(window_months.stock_amount) as exact_denominator
    from months
    inner join {{ ref('int_material_months') }} as window_months
        on months.employee_id = window_months.employee_id
        and window_months.starts_on <= months.starts_on
        and window_months.starts_on > {{ add_months('months.starts_on', '-months.month_count') }}
    group by months.employee_id, months.period
),

final as (
    {{ kpi_ratio('facts', exact=true) }}
)

select * from final
