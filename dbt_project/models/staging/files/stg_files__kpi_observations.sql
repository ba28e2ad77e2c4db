{{ latest_version('files', 'kpi_observations', ['employee_id', 'kpi_id', 'period']) }}
