"""The one way to open a DuckDB file: one that another process is writing gives an error people understand.

Belongs here: making, copying and removing the file, connecting, databases in memory. Does not belong here: any query.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.common.errors import UserError
from connectors.common.storage import is_damage, storage_problem

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def ensure_warehouse(warehouse: Path) -> None:
    """Make the DuckDB file when it is not there, in the newest storage format; a file keeps the format it began with.

    The newest format is smaller and quicker to write. What readers get is a publication, in a format that older
    clients read too.

    Raises:
        ImportProblem: The file cannot be made.
    """
    import duckdb

    if warehouse.exists():
        return
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    try:
        duckdb.connect(str(warehouse), config={"storage_compatibility_version": "latest"}).close()
    except duckdb.Error as error:
        raise unreadable(warehouse, error) from error


@contextmanager
def open_warehouse(warehouse: Path, *, read_only: bool = False) -> Iterator[DuckDBPyConnection]:
    """A connection to the DuckDB file, closed at the end.

    Raises:
        UserError: The file cannot be opened, most often because another run holds it, or turns out to be damaged.
    """
    import duckdb

    try:
        connection = duckdb.connect(str(warehouse), read_only=read_only)
    except duckdb.Error as error:
        raise unreadable(warehouse, error) from error
    try:
        yield _without_progress_bar(connection)
    except duckdb.Error as error:
        if is_damage(error):
            raise unreadable(warehouse, error) from error
        raise
    finally:
        connection.close()


def copy_warehouse(source: Path, target: Path) -> None:
    """Copy a database that nobody writes, with its write-ahead log if one was left behind."""
    remove_warehouse(target)
    for path, copy in zip(_files(source), _files(target), strict=True):
        if path.exists():
            shutil.copyfile(path, copy)


def remove_warehouse(database: Path) -> None:
    """Remove a database and its write-ahead log; there need be none."""
    for path in _files(database):
        path.unlink(missing_ok=True)


def _files(database: Path) -> tuple[Path, Path]:
    return (database, database.with_name(f"{database.name}.wal"))


def in_memory() -> DuckDBPyConnection:
    """A connection to a database of its own, in memory; whoever asks closes it."""
    import duckdb

    return _without_progress_bar(duckdb.connect(":memory:"))


def _without_progress_bar(connection: DuckDBPyConnection) -> DuckDBPyConnection:
    """The connection without the progress bar of long queries: it goes to stdout, where commands write JSON (1.5.5)."""
    connection.execute("set enable_progress_bar = false")
    return connection


def unreadable(warehouse: Path, error: Exception) -> UserError:
    """The error for a warehouse that cannot be opened."""
    said = str(error).splitlines()[0]
    if is_damage(error):
        return UserError(
            f"the file is damaged: it is not what DuckDB wrote ({said})",
            where=str(warehouse),
            hint="restore it from a backup, or delete it and run the pipeline on all deliveries again",
        )
    if found := storage_problem(error, str(warehouse)):
        return found
    return UserError(
        "the warehouse cannot be opened",
        where=str(warehouse),
        hint="another run may be writing it: wait for that run to end, then try again. Who only reads opens "
        "published/incentives.duckdb in the same home, which no run locks. "
        f"The engine says: {said}",
    )
