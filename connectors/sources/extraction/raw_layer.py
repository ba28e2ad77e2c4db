"""The raw records of connected systems: schema raw_<type>, one table a resource, every version kept.

Belongs here: the tables, what the last extraction left, removal of what was interrupted, the mark of completion.
Does not belong here: fetching, deciding what is new (`versions`).

A version counts when its extraction is in raw_<type>.extractions. Those rows are written last, all resources of one
extraction together, so that what was interrupted stays invisible, and is removed before the next one. The cursor stands
there too: it can never be ahead of the records.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.common.contract import Kind, arrow_type, sql_type
from connectors.common.inserting import insert
from connectors.common.landing import LandingTable, land
from connectors.common.sql_text import name, quoted
from connectors.common.warehouse import open_warehouse, unreadable
from connectors.sources.extraction.json_text import EMPTY
from connectors.sources.model import Instance

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EXTRACTIONS = "extractions"
_ALIAS = "known_records"

#: columns of the table of a resource
VERSIONS: dict[str, Kind] = {
    "instance": Kind.TEXT,
    "record_id": Kind.TEXT,
    "record": Kind.TEXT,
    "content_hash": Kind.TEXT,
    "is_deleted": Kind.BOOL,
    "cursor_value": Kind.TEXT,
    "load_id": Kind.ID,
    "load_seq": Kind.COUNT,
    "extracted_at": Kind.TIMESTAMP,
}
_ACCOUNT: dict[str, Kind] = {
    "load_id": Kind.ID,
    "load_seq": Kind.COUNT,
    "instance": Kind.TEXT,
    "resource": Kind.TEXT,
    "is_complete": Kind.BOOL,
    "rows_read": Kind.COUNT,
    "rows_new": Kind.COUNT,
    "rows_deleted": Kind.COUNT,
    "cursor_value": Kind.TEXT,
    "field_types": Kind.TEXT,
    "extracted_at": Kind.TIMESTAMP,
}


@dataclass(frozen=True)
class Account:
    """What one extraction of a resource did.

    Attributes:
        is_complete: False where it failed after some records, which are kept.
        rows_new: Versions landed, deletions included.
        field_types: Fields with the kinds of their values, `null` where none had any.
    """

    resource: str
    is_complete: bool
    rows_read: int
    rows_new: int
    rows_deleted: int
    cursor_value: str | None
    field_types: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LastRead:
    """What earlier extractions of a resource left: the cursor, and the fields with the load they were last seen in."""

    load_id: str | None = None
    cursor_value: str | None = None
    is_complete: bool = True
    field_types: dict[str, str] = field(default_factory=dict)


class KnownRecords:
    """Read-only view of the raw records inside another connection; empty when there is no warehouse."""

    def __init__(self, connection: DuckDBPyConnection, warehouse: Path, instance: Instance) -> None:
        self._connection = connection
        self._instance = instance
        self._tables: set[str] = set()
        self._alias = _ALIAS
        if warehouse.exists():
            self._attach(warehouse)

    def _attach(self, warehouse: Path) -> None:
        import duckdb

        found = self._connection.execute(
            "SELECT database_name FROM duckdb_databases() WHERE path = ?", [str(warehouse)]
        ).fetchone()
        self._alias = str(found[0]) if found else _ALIAS
        try:
            if not found:
                self._connection.execute(f"ATTACH {quoted(str(warehouse))} AS {_ALIAS} (READ_ONLY)")
        except duckdb.Error as error:
            raise unreadable(warehouse, error) from error
        tables = self._connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = ?",
            [self._alias, self._instance.schema],
        ).fetchall()
        self._tables = {str(row[0]) for row in tables}

    def detach(self) -> None:
        """Let go of the warehouse, so that it can be written."""
        self._connection.execute(f"DETACH DATABASE IF EXISTS {_ALIAS}")

    def has(self, table: str) -> bool:
        """Whether a table is there."""
        return table in self._tables

    def last_seq(self) -> int:
        """The number of the last extraction of the schema, 0 before the first."""
        if not self.has(EXTRACTIONS):
            return 0
        row = self._connection.execute(f"SELECT max(load_seq) FROM {self._table(EXTRACTIONS)}").fetchone()
        return int((row and row[0]) or 0)

    def complete(self) -> set[str]:
        """The resources that were read completely at least once."""
        if not self.has(EXTRACTIONS):
            return set()
        rows = self._connection.execute(
            f"SELECT DISTINCT resource FROM {self._table(EXTRACTIONS)} WHERE instance = ? AND is_complete",
            [self._instance.name],
        ).fetchall()
        return {str(row[0]) for row in rows}

    def fingerprint(self, resource: str) -> str:
        """One text for what a resource holds now: the same records, the same text, in whatever order they came."""
        row = self._connection.execute(
            "SELECT count(*), bit_xor(md5_number(record_id || '|' || content_hash)) "
            f"FROM ({self.latest(resource)}) WHERE NOT is_deleted"
        ).fetchone()
        return f"{row[0]}-{row[1]}" if row else ""

    def last_read(self, resource: str) -> LastRead:
        """What earlier extractions of a resource of this instance left."""
        if not self.has(EXTRACTIONS):
            return LastRead()
        rows = self._connection.execute(
            f"SELECT load_id, cursor_value, is_complete, field_types FROM {self._table(EXTRACTIONS)} "
            "WHERE instance = ? AND resource = ? ORDER BY load_seq",
            [self._instance.name, resource],
        ).fetchall()
        if not rows:
            return LastRead()
        types: dict[str, str] = {}
        for _, _, _, seen in rows:
            types |= {
                path: kind
                for path, kind in json.loads(seen).items()
                if kind not in EMPTY or path not in types
            }
        return LastRead(str(rows[-1][0]), rows[-1][1], bool(rows[-1][2]), types)

    def latest(self, resource: str) -> str:
        """SQL for the latest version of every record of a resource of this instance, deleted ones too."""
        columns = ", ".join(VERSIONS)
        if not self.has(resource) or not self.has(EXTRACTIONS):
            empty = ", ".join(f"CAST(NULL AS {sql_type(kind)}) AS {one}" for one, kind in VERSIONS.items())
            return f"SELECT {empty} WHERE false"
        return (
            f"SELECT {columns} FROM {self._table(resource)} WHERE instance = {quoted(self._instance.name)} "
            f"AND load_id IN (SELECT load_id FROM {self._table(EXTRACTIONS)}) "
            "QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY load_seq DESC) = 1"
        )

    def _table(self, table: str) -> str:
        return f"{name(self._alias)}.{name(self._instance.schema)}.{name(table)}"


@contextmanager
def known_records(
    connection: DuckDBPyConnection, warehouse: Path, instance: Instance
) -> Iterator[KnownRecords]:
    """The raw records of an instance as earlier extractions left them."""
    known = KnownRecords(connection, warehouse, instance)
    try:
        yield known
    finally:
        known.detach()


def remove_unfinished(warehouse: Path, instance: Instance) -> None:
    """Remove versions of extractions that were interrupted."""
    if not warehouse.exists():
        return
    schema = name(instance.schema)
    with open_warehouse(warehouse) as connection:
        found = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = ?", [instance.schema]
        ).fetchall()
        tables = {str(row[0]) for row in found if not str(row[0]).startswith("_dlt")}
        done = (
            f"SELECT load_id FROM {schema}.{EXTRACTIONS}"
            if EXTRACTIONS in tables
            else "SELECT NULL WHERE false"
        )
        for table in sorted(tables - {EXTRACTIONS}):
            connection.execute(f"DELETE FROM {schema}.{name(table)} WHERE load_id NOT IN ({done})")


def land_versions(
    instance: Instance,
    queries: dict[str, str],
    known: KnownRecords,
    connection: DuckDBPyConnection,
    warehouse: Path,
    dlt_dir: Path,
) -> None:
    """Append versions to the tables of resources; they count once `complete` was called.

    dlt makes the tables; the rows go from engine to engine, for each step between costs more than the reading.

    Args:
        instance: Where they come from.
        queries: Resource to SQL over `connection` that gives its new versions; all tables there are not yet are made.
        known: What is there already; it lets go of the warehouse.
        connection: Scratch connection.
        warehouse: DuckDB file.
        dlt_dir: Folder for dlt's working state.
    """
    tables = [_empty(one.name, VERSIONS) for one in instance.resources if not known.has(one.name)]
    if not known.has(EXTRACTIONS):
        tables.append(_empty(EXTRACTIONS, _ACCOUNT))
    known.detach()
    if tables:
        pipeline = f"source_{instance.name}"
        land(tables, pipeline=pipeline, dataset=instance.schema, warehouse=warehouse, dlt_dir=dlt_dir)
    if queries:
        # half of the time of any other compression, and half of the size
        connection.execute("SET force_compression = 'zstd'")
        insert(instance.schema, queries, connection, warehouse)
        connection.execute("RESET force_compression")


def complete(
    warehouse: Path, instance: Instance, load_id: str, load_seq: int, accounts: list[Account]
) -> None:
    """Mark an extraction as done, with what it did and where the next one begins."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    columns = ", ".join(_ACCOUNT)
    rows: list[list[Any]] = [
        [
            load_id,
            load_seq,
            instance.name,
            one.resource,
            one.is_complete,
            one.rows_read,
            one.rows_new,
            one.rows_deleted,
            one.cursor_value,
            json.dumps(one.field_types, sort_keys=True),
            now,
        ]
        for one in accounts
    ]
    with open_warehouse(warehouse) as connection:
        connection.execute("BEGIN")
        connection.executemany(
            f"INSERT INTO {name(instance.schema)}.{EXTRACTIONS} ({columns}) "
            f"VALUES ({', '.join('?' for _ in _ACCOUNT)})",
            rows,
        )
        connection.execute("COMMIT")


def _empty(table: str, columns: dict[str, Kind]) -> LandingTable:
    import pyarrow as pa

    schema = pa.schema([(column, arrow_type(kind)) for column, kind in columns.items()])
    return LandingTable(table, schema)
