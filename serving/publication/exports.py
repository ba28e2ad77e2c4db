"""Writing marts to files: the DuckDB snapshot and repeatable Parquet.

Belongs here: the bytes of one publication. Does not belong here: where they lie and how they replace older
ones (`versions.py`), the manifest (`manifest.py`). Rows stand in total order (all columns), so that the same
data give the same Parquet bytes whatever the number of threads; the snapshot's bytes may differ.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.common.warehouse import open_warehouse
from serving.database import columns_of, quoted, tables_of
from serving.errors import PublicationError

if TYPE_CHECKING:
    import duckdb

SNAPSHOT = "incentives.duckdb"
NO_PERIOD = "none"
_PERIOD = re.compile(r"[0-9]{4}(-[0-9A-Z]{1,4})?")


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One Parquet file of a mart; `period` is None for a whole table."""

    path: str
    mart: str
    period: str | None
    rows: int


def export_marts(warehouse: Path, folder: Path) -> list[ExportedFile]:
    """Write the snapshot and the Parquet files of every mart into a folder.

    Args:
        warehouse: DuckDB file with a schema `marts`.
        folder: An empty folder.

    Raises:
        PublicationError: there is no mart, or a period cannot be a folder name.
    """
    with open_warehouse(folder / SNAPSHOT) as connection:
        connection.execute(f"attach '{_literal(warehouse)}' as warehouse (read_only)")
        connection.execute("use warehouse")
        marts = tables_of(connection, "marts")
        if not marts:
            raise PublicationError(f"{warehouse} has no marts", "Run the pipeline first: incentives run.")
        connection.execute(f"use {quoted(Path(SNAPSHOT).stem)}")
        connection.execute("create schema marts")
        files: list[ExportedFile] = []
        for mart in marts:
            connection.execute(
                f"create table marts.{quoted(mart)} as select * from warehouse.marts.{quoted(mart)} order by all"
            )
            files += _export_mart(connection, mart, folder)
        connection.execute("detach warehouse")
        connection.execute("checkpoint")
    return files


def _export_mart(connection: "duckdb.DuckDBPyConnection", mart: str, folder: Path) -> Iterator[ExportedFile]:
    table = f"marts.{quoted(mart)}"
    if "period" not in columns_of(connection, "marts", mart):
        path = f"tables/{mart}.parquet"
        yield ExportedFile(path, mart, None, _copy(connection, f"select * from {table}", folder / path))
        return
    periods = connection.execute(f"select distinct period from {table} order by period nulls last").fetchall()
    for (period,) in periods:
        name = NO_PERIOD if period is None else str(period)
        if period is not None and not _PERIOD.fullmatch(name):
            raise PublicationError(
                f"marts.{mart} has the period {name!r}", "A period is written 2026-10, 2026-Q4 or 2026."
            )
        path = f"periods/{name}/{mart}.parquet"
        condition = "period is null" if period is None else f"period = '{name}'"
        query = f"select * from {table} where {condition}"
        yield ExportedFile(path, mart, name, _copy(connection, query, folder / path))


def _copy(connection: "duckdb.DuckDBPyConnection", query: str, path: Path) -> int:
    """Copy the rows of a sorted table; a scan keeps their order (DuckDB's `preserve_insertion_order`)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    row = connection.execute(
        f"copy ({query}) to '{_literal(path)}' (format parquet, compression zstd)"
    ).fetchone()
    return int(row[0]) if row else 0


def _literal(path: Path) -> str:
    return str(path).replace("'", "''")
