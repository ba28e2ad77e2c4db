"""Brings the inputs of an archive back to a warehouse of its own."""

from __future__ import annotations

from pathlib import Path

from connectors.common.warehouse import ensure_warehouse, open_warehouse
from ledger.archive.files import Archive


def restore(archive: Archive, warehouse: Path, shuffle: int | None = None) -> None:
    """Fill an empty warehouse with the raw tables of an archive.

    Args:
        archive: The archive.
        warehouse: DuckDB file, made.
        shuffle: Seed of another order of the rows; None: as archived.

    Raises:
        ArchiveError: A file of the archive is missing or damaged.
    """
    ensure_warehouse(warehouse)
    with open_warehouse(warehouse) as connection:
        order = ""
        if shuffle is not None:
            connection.execute("set threads = 1")
            connection.execute(f"select setseed({(shuffle % 1000) / 1000})")
            order = "order by random()"
        for table, path in archive.inputs():
            schema, name = table.split(".")
            connection.execute(f'create schema if not exists "{schema}"')
            connection.execute(
                f'create table "{schema}"."{name}" as select * from read_parquet(?) {order}', [str(path)]
            )
