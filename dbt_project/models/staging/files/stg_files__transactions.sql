{{ latest_version('files', 'transactions', ['transaction_id']) }}
