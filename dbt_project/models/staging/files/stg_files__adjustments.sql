{{ latest_version('files', 'adjustments', ['adjustment_id']) }}
