{{ latest_version('files', 'leads', ['lead_id']) }}
