{{ latest_version('files', 'employees', ['employee_id']) }}
