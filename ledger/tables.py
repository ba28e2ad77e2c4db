"""The tables of schema ``raw_ledger``: their columns, and loading them from the ledger and the archives.

Belongs here: the contract with the dbt source ``ledger``. Does not belong here: entries (``entries``), files
(``archive``), lines under other plans than those in force (``orchestration.books`` has them calculated).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.common.warehouse import open_warehouse
from ledger.archive.files import Archive, open_archive
from ledger.entries.entry import Entry, canonical
from ledger.entries.life import locked_periods

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

SCHEMA = "raw_ledger"
_TEXT, _MONEY, _RATE, _NUMBER = "text", "money", "rate", "number"
LINE = {
    **dict.fromkeys(("line_id", "period", "employee_id", "component", "component_id"), _TEXT),
    **dict.fromkeys(("deal_id", "transaction_id", "kpi_id"), _TEXT),
    "basis_amount": _MONEY,
    "rate": _RATE,
    "amount": _MONEY,
    **dict.fromkeys(
        ("currency", "status", "reason", "origin_period", "plan_id", "plan_hash", "run_id"), _TEXT
    ),
    "settles_line_id": _TEXT,
}
BOOKED_LINE = LINE | {"corrects_line_id": _TEXT, "calculated_line_id": _TEXT}
PROVENANCE = dict.fromkeys(
    ("line_id", "source", "source_table", "record_id", "load_id", "content_hash"), _TEXT
)
CAUSE = {
    **dict.fromkeys(("line_id", "period", "origin_period", "corrects_line_id", "corrected_component"), _TEXT),
    **dict.fromkeys(("employee_id", "currency"), _TEXT),
    **dict.fromkeys(("locked_amount", "posted_amount", "calculated_amount", "amount"), _MONEY),
    **dict.fromkeys(("source", "source_table", "record_id", "change", "old_load_id", "new_load_id"), _TEXT),
    **dict.fromkeys(("old_values", "new_values"), _TEXT),
}
_EVENT = {
    "sequence": _NUMBER,
    **dict.fromkeys(("period", "event", "at", "by", "lines_hash", "previous_hash", "entry_hash"), _TEXT),
    **dict.fromkeys(("plan_hashes", "input_hash", "code_version", "subject", "note"), _TEXT),
}
TABLES: dict[str, dict[str, str]] = {
    "period_events": _EVENT,
    "closed_periods": dict.fromkeys(("period", "locked_with", "lines_hash", "entry_hash"), _TEXT),
    "locked_lines": BOOKED_LINE,
    "locked_provenance": PROVENANCE,
    "locked_causes": CAUSE,
    "recalculated_periods": {"period": _TEXT},
    "recalculated_lines": LINE,
}
#: which file of an archive fills which table
FROM_ARCHIVES = {"locked_lines": "lines", "locked_provenance": "provenance", "locked_causes": "causes"}
#: filled by the calculation itself
RECALCULATED = ("recalculated_periods", "recalculated_lines")
_SQL = {_TEXT: "varchar", _MONEY: "decimal(18,2)", _RATE: "decimal(18,12)", _NUMBER: "bigint"}


def arrow_schema(table: str) -> pa.Schema:
    """The typed schema of a table.

    Raises:
        KeyError: There is no such table.
    """
    import pyarrow as pa

    types = {
        _TEXT: pa.string(),
        _MONEY: pa.decimal128(18, 2),
        _RATE: pa.decimal128(18, 12),
        _NUMBER: pa.int64(),
    }
    return pa.schema([(name, types[kind]) for name, kind in TABLES[table].items()])


def load_books(warehouse: Path, books: Path, entries: Sequence[Entry]) -> dict[str, int]:
    """Replace the tables of the books in a warehouse, all in one transaction; those of ``RECALCULATED`` stay.

    Args:
        warehouse: DuckDB file.
        books: Folder of the archives.
        entries: All entries of the ledger.

    Returns:
        Rows by table.

    Raises:
        ArchiveError: An archive is missing or not what its entry says.
    """
    archives = {
        period: open_archive(books, entry.archive, entry) for period, entry in locked_periods(entries).items()
    }
    with open_warehouse(warehouse) as connection:
        connection.execute("begin transaction")
        try:
            _make(connection)
            _load_entries(connection, entries, archives)
            for table, file in FROM_ARCHIVES.items():
                for archive in archives.values():
                    path = archive.file(file)
                    connection.execute(
                        f"insert into {SCHEMA}.{table} by name select * from read_parquet(?)", [str(path)]
                    )
        except BaseException:
            connection.execute("rollback")
            raise
        connection.execute("commit")
        return {table: connection.table(f"{SCHEMA}.{table}").count("*").fetchall()[0][0] for table in TABLES}


def _make(connection: DuckDBPyConnection) -> None:
    connection.execute(f"create schema if not exists {SCHEMA}")
    for table, columns in TABLES.items():
        kinds = ", ".join(f'"{name}" {_SQL[kind]}' for name, kind in columns.items())
        # what the last calculation has filled stands until the next one: there may be nothing to calculate
        make = "create table if not exists" if table in RECALCULATED else "create or replace table"
        connection.execute(f"{make} {SCHEMA}.{table} ({kinds})")


def _load_entries(
    connection: DuckDBPyConnection, entries: Sequence[Entry], archives: Mapping[str, Archive]
) -> None:
    locks = locked_periods(entries)
    events = [_event_row(entry) for entry in entries]
    closed = [
        {
            "period": period,
            "locked_with": locked,
            "lines_hash": lines_hash,
            "entry_hash": locks[locked].entry_hash,
        }
        for locked, archive in archives.items()
        for period, lines_hash in archive.periods.items()
    ]
    for table, rows in (("period_events", events), ("closed_periods", closed)):
        _insert(connection, table, rows)


def _event_row(entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(entry, name) for name in _EVENT}
    hashes = canonical(dict(entry.plan_hashes)) if entry.plan_hashes else None
    return row | {"event": entry.event.value, "plan_hashes": hashes}


def _insert(connection: DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    import pyarrow as pa

    connection.register("new_rows", pa.Table.from_pylist(list(rows), schema=arrow_schema(table)))
    connection.execute(f"insert into {SCHEMA}.{table} select * from new_rows")
    connection.unregister("new_rows")


def replace_recalculated(
    connection: DuckDBPyConnection, periods: Sequence[str], lines: pa.Table | None
) -> None:
    """Put the lines of closed months that were calculated under the plans of their lock in place of those there are.

    Args:
        connection: To the warehouse.
        periods: Closed months whose plans of the lock are not those in force.
        lines: Their lines; None for none.
    """
    connection.execute("begin transaction")
    for table in RECALCULATED:
        connection.execute(f"delete from {SCHEMA}.{table}")
    _insert(connection, "recalculated_periods", [{"period": period} for period in periods])
    if lines is not None:
        connection.register("new_lines", lines)
        connection.execute(f"insert into {SCHEMA}.recalculated_lines by name select * from new_lines")
        connection.unregister("new_lines")
    connection.execute("commit")
