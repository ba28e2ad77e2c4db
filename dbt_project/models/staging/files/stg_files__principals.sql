{{ latest_version('files', 'principals', ['login']) }}
