"""Immutable publications of the marts: Parquet per period, a DuckDB snapshot, a manifest."""
