{{ latest_version('files', 'course_results', ['employee_id', 'course_id', 'attempt'], {'attempt': '1'}) }}
