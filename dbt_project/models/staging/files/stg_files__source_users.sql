{{ latest_version('files', 'source_users', ['source', 'source_user_id']) }}
