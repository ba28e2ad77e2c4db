{{ latest_version('files', 'customers', ['customer_id']) }}
