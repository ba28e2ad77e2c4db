"""Tables of a company whose run is replaced (``closing``), and the file that all of them begin with."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ledger.entries.life import next_period
from tests.support.compiled import compiled_project
from tests.support.raw_rows import empty_tables

_ROLE = {
    **dict.fromkeys(("position", "team_id", "manager_id"), ""),
    "valid_from": date(2020, 1, 1),
    "valid_to": date.max,
}


@functools.cache
def empty_warehouse() -> bytes:
    """A file with the raw tables, the plan tables and what no test changes; made once for all companies."""
    relation = {model.name: model.relation for model in compiled_project().models}
    months = pa.Table.from_pylist(list(months_between("2025-01", "2030-12")))
    employees = [
        _ROLE | {"employee_id": one, "name": f"=Name {one}", "department": "sales"}
        for one in ("S1", "S2", "S3")
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.duckdb"
        with duckdb.connect(str(path)) as connection:
            for name, table in empty_tables().items():
                replace_table(connection, name, table)
            replace_table(connection, relation["int_months"], months)
            replace_table(connection, relation["dim_employee"], pa.Table.from_pylist(employees))
            connection.execute("create table marts.open_quarantine (is_key_readable boolean)")
            connection.execute(
                "create table marts.fct_transfers (change_id varchar, changed_at timestamp, to_employee_id varchar)"
            )
        return path.read_bytes()


def table_of(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """Rows as a typed table."""
    return pa.Table.from_pylist(rows, schema=schema)


def replace_table(connection: duckdb.DuckDBPyConnection, relation: str, table: pa.Table) -> None:
    """Put a table in place of that of the name."""
    connection.execute(f"create schema if not exists {relation.split('.', maxsplit=1)[0]}")
    connection.register("new_rows", table)
    connection.execute(f"create or replace table {relation} as select * from new_rows")
    connection.unregister("new_rows")


def months_between(first: str, last: str) -> Iterator[dict[str, Any]]:
    """Rows of the calendar, both months included."""
    month = first
    while month <= last:
        after = next_period(month)
        starts, ends = (
            date.fromisoformat(f"{month}-01"),
            date.fromisoformat(f"{after}-01") - timedelta(days=1),
        )
        yield {
            "period": month,
            "starts_on": starts,
            "ends_on": ends,
            "next_starts_on": ends + timedelta(days=1),
            "quarter": f"{month[:4]}-Q{(starts.month + 2) // 3}",
            "year": month[:4],
            "days": ends.day,
        }
        month = after
