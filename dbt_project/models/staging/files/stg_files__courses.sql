{{ latest_version('files', 'courses', ['course_id']) }}
