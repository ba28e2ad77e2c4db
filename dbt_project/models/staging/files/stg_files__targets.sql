{{ latest_version('files', 'targets', ['employee_id', 'kpi_id', 'period']) }}
