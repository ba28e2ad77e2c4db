{{ latest_version('files', 'campaigns', ['platform', 'campaign_id']) }}
