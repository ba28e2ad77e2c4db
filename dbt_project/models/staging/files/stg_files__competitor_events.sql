{{ latest_version('files', 'competitor_events', ['event_id']) }}
