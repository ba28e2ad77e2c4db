-- One row per employee and month: money of credited deals, transferred ones in part, per target of the month.
{{ kpi_of_target('counted_sales_amount', 'sales_amount_attainment') }}
