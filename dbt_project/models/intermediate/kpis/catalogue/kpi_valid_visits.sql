-- One row per employee and month: valid leads of the employee whose first visit was in the month.
{{ kpi_of_measure('valid_visits') }}
