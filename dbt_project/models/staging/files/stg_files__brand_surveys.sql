{{ latest_version('files', 'brand_surveys', ['survey_id']) }}
