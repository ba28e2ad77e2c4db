{{ latest_version('files', 'ownership_changes', ['change_id']) }}
