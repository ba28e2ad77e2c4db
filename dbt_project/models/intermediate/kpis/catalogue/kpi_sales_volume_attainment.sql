-- One row per employee and month: units of credited deals, transferred ones in part, per target of the month.
{{ kpi_of_target('units', 'sales_volume_attainment') }}
