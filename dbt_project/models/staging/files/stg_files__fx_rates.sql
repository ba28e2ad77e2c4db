{{ latest_version('files', 'fx_rates', ['currency', 'date']) }}
