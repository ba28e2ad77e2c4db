"""One dbt invocation: its manifest, its arguments, its identity, its results."""
