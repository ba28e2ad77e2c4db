"""Reading plan files: YAML with lines, errors with file, line and key, canonical text and hash, JSON Schema."""
