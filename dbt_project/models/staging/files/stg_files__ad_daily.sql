{{ latest_version('files', 'ad_daily', ['platform', 'campaign_id', 'date']) }}
