-- One row per employee and month: deals the employee took part in, transferred ones in part.
{{ kpi_of_measure('deals_assisted') }}
