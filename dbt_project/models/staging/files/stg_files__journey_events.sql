{{ latest_version('files', 'journey_events', ['event_id']) }}
