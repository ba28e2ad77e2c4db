{{ latest_version('files', 'material_movements', ['movement_id']) }}
