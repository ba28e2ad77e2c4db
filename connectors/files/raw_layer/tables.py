"""The raw layer of this source (schema raw_files): its tables, their exact types, and when a load counts.

Belongs here: table definitions, creation, removal of unfinished loads, the mark of a completed load.
Does not belong here: reading, checks, gates.

A load counts when its row is in raw_files.loads. That row is written last, so a load that was interrupted
stays invisible, and its rows are removed before the next one.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.common.contract import Kind, arrow_type, raw_columns, sql_type
from connectors.common.landing import LandingTable, land
from connectors.common.problems import ImportProblem
from connectors.common.sql_text import name
from connectors.common.warehouse import open_warehouse
from connectors.files.raw_layer.known import DATASET, Load
from connectors.files.templates import TEMPLATES

if TYPE_CHECKING:
    import pyarrow as pa

PIPELINE = "files"

_BOOKKEEPING: dict[str, dict[str, Kind]] = {
    "loads": {
        "load_id": Kind.ID,
        "load_seq": Kind.COUNT,
        "delivery_hash": Kind.TEXT,
        "mapping": Kind.TEXT,
        "landed_at": Kind.TIMESTAMP,
        "timezone": Kind.TEXT,
        "source": Kind.TEXT,
    },
    "load_files": {
        "load_id": Kind.ID,
        "entity": Kind.TEXT,
        "file": Kind.TEXT,
        "file_hash": Kind.TEXT,
        "rows_in": Kind.COUNT,
        "rows_accepted": Kind.COUNT,
        "rows_duplicate": Kind.COUNT,
        "rows_quarantined": Kind.COUNT,
        "rows_filtered": Kind.COUNT,
        "rows_deleted": Kind.COUNT,
    },
    "quarantine": {
        "source": Kind.TEXT,
        "source_table": Kind.TEXT,
        "location": Kind.TEXT,
        "file": Kind.TEXT,
        "line": Kind.COUNT,
        "field": Kind.TEXT,
        "value": Kind.TEXT,
        "row": Kind.TEXT,
        "reason": Kind.TEXT,
        "load_id": Kind.ID,
        "record": Kind.TEXT,
    },
}


def raw_tables() -> dict[str, dict[str, Kind]]:
    """Every table of the raw layer with its columns, in table order."""
    return {entity: raw_columns(template) for entity, template in TEMPLATES.items()} | _BOOKKEEPING


def arrow_schema(table: str) -> pa.Schema:
    """The typed schema of a raw table: an entity, or `loads`, `load_files`, `quarantine`.

    Raises:
        KeyError: There is no such table.
    """
    import pyarrow as pa

    return pa.schema([(column, arrow_type(kind)) for column, kind in raw_tables()[table].items()])


def ensure_raw_tables(warehouse: Path, dlt_dir: Path) -> None:
    """Create the raw tables that do not exist yet, empty.

    Args:
        warehouse: DuckDB file; made when missing.
        dlt_dir: Folder for dlt's working state.

    Raises:
        ImportProblem: An existing table has other types than this version writes.
    """
    states = table_states(warehouse)
    if all(state == "ready" for state in states.values()):
        return
    tables = [
        LandingTable(table, arrow_schema(table), may_grow=state == "grown") for table, state in states.items()
    ]
    land(tables, pipeline=PIPELINE, dataset=DATASET, warehouse=warehouse, dlt_dir=dlt_dir)


def table_states(warehouse: Path) -> dict[str, str]:
    """For every raw table: `missing`, `grown` (the contract has more columns by now) or `ready`.

    Raises:
        ImportProblem: A table has other types, or columns this version does not know.
    """
    expected = {
        table: {column: sql_type(kind) for column, kind in columns.items()}
        for table, columns in raw_tables().items()
    }
    actual = _actual_types(warehouse)
    states = {}
    for table, columns in expected.items():
        found = actual.get(table)
        if found is None:
            states[table] = "missing"
            continue
        wrong = {column: kind for column, kind in found.items() if columns.get(column) != kind}
        if wrong:
            raise ImportProblem(
                f"the table has columns this version does not write: {wrong}",
                where=f"{DATASET}.{table} in {warehouse}",
                hint="use the version that wrote the warehouse, or build a new warehouse from the deliveries",
            )
        states[table] = "ready" if set(found) == set(columns) else "grown"
    return states


def _actual_types(warehouse: Path) -> dict[str, dict[str, str]]:
    if not warehouse.exists():
        return {}
    found: dict[str, dict[str, str]] = {}
    with open_warehouse(warehouse, read_only=True) as connection:
        rows = connection.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() "
            "WHERE database_name = current_database() AND schema_name = ?",
            [DATASET],
        ).fetchall()
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def remove_unfinished(warehouse: Path) -> None:
    """Remove the rows of loads that were interrupted before they were complete."""
    present = _actual_types(warehouse)
    if not present:
        return
    complete = f"SELECT load_id FROM {DATASET}.loads" if "loads" in present else "SELECT NULL WHERE false"
    with open_warehouse(warehouse) as connection:
        connection.execute("BEGIN")
        for table in [table for table in raw_tables() if table in present and table != "loads"]:
            load_id = "_load_id" if table in TEMPLATES else "load_id"
            connection.execute(f"DELETE FROM {DATASET}.{name(table)} WHERE {load_id} NOT IN ({complete})")
        connection.execute("COMMIT")


def complete_load(warehouse: Path, load: Load, mapping: str | None, timezone: str) -> None:
    """Mark a load as complete, with the zone its times were read in; the last step of an import."""
    landed_at = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    with open_warehouse(warehouse) as connection:
        connection.execute(
            f"INSERT INTO {DATASET}.loads (load_id, load_seq, delivery_hash, mapping, landed_at, timezone, source) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [load.load_id, load.load_seq, load.delivery_hash, mapping, landed_at, timezone, load.source],
        )
