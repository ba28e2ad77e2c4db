{{ latest_version('files', 'policy_violations', ['violation_id']) }}
