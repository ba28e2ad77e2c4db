{{ latest_version('files', 'deals', ['deal_id']) }}
