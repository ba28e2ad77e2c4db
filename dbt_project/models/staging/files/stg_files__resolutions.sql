{{ latest_version('files', 'resolutions', ['resolution_id']) }}
