{{ latest_version('files', 'service_ratings', ['rating_id']) }}
