"""Records on their way, in Arrow files: as they came, in their order; memory holds one batch of them.

    Batch → file of its columns → view `position, record_id, record, is_deleted, cursor_value` over all files

Belongs here: writing batches and the view that makes records of them. Does not belong here: what a record is (each
extractor says it in SQL), which are new (`versions`).

A file is small, for who reads one reads ahead to its end. The view is worked out each time it is asked, and only the
columns that are asked for: a key costs no record's text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

_POSITION = "position"
#: bytes of rows after which another file begins
_FILE = 32 * 2**20
_NOTHING = (
    "SELECT CAST(NULL AS BIGINT) AS position, CAST(NULL AS VARCHAR) AS record_id, CAST(NULL AS VARCHAR) AS record, "
    "false AS is_deleted, CAST(NULL AS VARCHAR) AS cursor_value WHERE false"
)


@dataclass(frozen=True)
class Batch:
    """Rows in Arrow, with the SQL that makes records of them.

    Attributes:
        rows: The rows; no column is called `position`.
        record_id: SQL over the columns: the key.
        record: The record as JSON text.
        is_deleted: Whether it is deleted.
        cursor_value: The cursor as text.
        last_cursor: Largest cursor value of the batch.
        field_types: Kinds of value of each field.
        keys_are_distinct: The system vouches that no key comes twice in one reading.
    """

    rows: pa.Table
    record_id: str = "record_id"
    record: str = "record"
    is_deleted: str = "is_deleted"
    cursor_value: str = "cursor_value"
    last_cursor: str | None = None
    field_types: dict[str, str] = field(default_factory=dict)
    keys_are_distinct: bool = False

    @property
    def columns(self) -> str:
        """The columns of the view."""
        return (
            f"{_POSITION}, {self.record_id} AS record_id, {self.record} AS record, "
            f"{self.is_deleted} AS is_deleted, {self.cursor_value} AS cursor_value"
        )


@dataclass
class _File:
    """A file that is written.

    Attributes:
        path: Where it lies; its name is its table's.
        columns: The columns of the view over it.
        writer: Of its batches.
        size: Bytes of its rows so far.
    """

    path: Path
    columns: str
    writer: pa.ipc.RecordBatchFileWriter
    size: int = 0


class Spool:
    """The batches of one resource.

    Attributes:
        view: Name of the view.
        rows: Records so far.
    """

    def __init__(self, connection: DuckDBPyConnection, folder: Path, view: str) -> None:
        self.connection, self.folder, self.view = connection, folder, view
        self.rows = 0
        self._files: list[_File] = []
        self._open: dict[tuple[pa.Schema, str], _File] = {}

    def add(self, batch: Batch) -> None:
        """Write a batch behind those that are there; batches of the same columns share a file."""
        import numpy as np
        import pyarrow as pa

        numbers = pa.array(np.arange(self.rows, self.rows + batch.rows.num_rows))
        table = batch.rows.append_column(_POSITION, numbers)
        kind = (table.schema, batch.columns)
        if kind not in self._open:
            path = self.folder / f"{self.view}_{len(self._files)}.arrow"
            self._open[kind] = _File(path, batch.columns, pa.ipc.new_file(path, table.schema))
            self._files.append(self._open[kind])
        file = self._open[kind]
        file.writer.write_table(table)
        self.rows, file.size = self.rows + table.num_rows, file.size + table.nbytes
        if file.size > _FILE:
            self._open.pop(kind).writer.close()

    def close(self) -> None:
        """Make the view; nothing is added after that."""
        from pyarrow import dataset

        for file in self._open.values():
            file.writer.close()
        for file in self._files:
            self.connection.register(file.path.stem, dataset.dataset(file.path, format="ipc"))
        parts = [f"SELECT {file.columns} FROM {file.path.stem}" for file in self._files]
        self.connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {self.view} AS {' UNION ALL '.join(parts) or _NOTHING}"
        )
