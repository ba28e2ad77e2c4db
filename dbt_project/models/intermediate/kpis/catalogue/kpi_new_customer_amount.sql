-- One row per employee and month: money of first deals credited to the employee, transferred deals in part.
{{ kpi_of_measure('new_customer_amount') }}
