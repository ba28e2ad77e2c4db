{{ latest_version('files', 'disputes', ['dispute_id']) }}
