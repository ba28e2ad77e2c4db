{{ latest_version('files', 'deal_splits', ['deal_id', 'employee_id', 'pool']) }}
