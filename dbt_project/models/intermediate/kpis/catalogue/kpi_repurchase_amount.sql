-- One row per employee and month: money of repurchases credited to the employee, transferred deals in part.
{{ kpi_of_measure('repurchase_amount') }}
