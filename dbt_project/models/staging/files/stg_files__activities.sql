{{ latest_version('files', 'activities', ['activity_id']) }}
