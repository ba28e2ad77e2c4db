{{ latest_version('files', 'material_requests', ['request_id']) }}
