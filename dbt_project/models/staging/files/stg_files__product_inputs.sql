{{ latest_version('files', 'product_inputs', ['input_id']) }}
