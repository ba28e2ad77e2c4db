"""Reading sources.yml: instances, their secrets, and their mappings merged with those of their types."""
