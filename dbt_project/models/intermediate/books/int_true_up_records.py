"""One row per true-up and source record that its line rests on as it is calculated now.

Python, because a company without a true-up need not walk the records of all its lines to find none of them: SQL would
aggregate every line's records before it joins them to no true-up (DuckDB 1.5, 2026-11).
"""

RECORD = ("source", "source_table", "record_id", "load_id", "content_hash")


def model(dbt, _session):
    """Join the true-ups to the records of their lines; see the module docstring. Returns an Arrow table of texts."""
    dbt.config(materialized="table", packages=["pyarrow"])
    import pyarrow as pa

    true_ups = dbt.ref("int_true_ups")
    if not true_ups.limit(1).fetchall():
        return pa.schema([(name, pa.string()) for name in ("line_id", *RECORD)]).empty_table()
    records = dbt.ref("calculated_provenance").set_alias("records")
    joined = true_ups.set_alias("true_ups").join(records, "true_ups.calculated_line_id = records.line_id")
    columns = ", ".join(f"records.{name}" for name in RECORD)
    return joined.project(f"true_ups.line_id as line_id, {columns}").to_arrow_table()
