{{ latest_version('files', 'archive_checks', ['check_id']) }}
