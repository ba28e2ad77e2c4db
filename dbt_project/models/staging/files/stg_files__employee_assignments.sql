{{ latest_version('files', 'employee_assignments', ['employee_id', 'valid_from']) }}
