-- One row per employee and month: customers owned that the employee worked with in the month.
{{ kpi_of_measure('customers_maintained') }}
