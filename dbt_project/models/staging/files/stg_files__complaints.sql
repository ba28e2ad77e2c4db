{{ latest_version('files', 'complaints', ['complaint_id']) }}
