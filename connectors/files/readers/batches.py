"""Writing batches of text rows into scratch tables; shared by the readers.

Belongs here: table creation and bulk insertion. Does not belong here: any file format.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from connectors.files.scratch import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BATCH_ROWS = 50_000
_SHOWN_LINES = 8


class TextTable:
    """A scratch table under construction: good rows in one table, rows of a wrong width in another."""

    def __init__(
        self,
        connection: DuckDBPyConnection,
        file: str,
        table: str,
        headers: Sequence[str],
        header_line: int = 0,
    ) -> None:
        self._connection = connection
        self._file = file
        self._table = table
        self._broken_table = f"{table}_broken"
        self._headers = tuple(headers)
        self._rows = 0
        self._broken = 0
        self._header_line = header_line
        self._left_out: dict[str, list[tuple[int, str]]] = {}
        columns = "".join(f", c{index} VARCHAR" for index in range(len(headers)))
        connection.execute(f"CREATE TABLE {table} (line BIGINT{columns})")
        connection.execute(f'CREATE TABLE {self._broken_table} (line BIGINT, "row" VARCHAR)')

    def add(self, lines: Sequence[int], rows: Sequence[Sequence[str | None]]) -> None:
        """Add good rows; each has exactly as many fields as there are headers."""
        if not rows:
            return
        import pyarrow as pa

        columns = [pa.array(lines, pa.int64())]
        columns += [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
        names = ["line", *(f"c{index}" for index in range(len(self._headers)))]
        self._connection.register("text_batch", pa.Table.from_arrays(columns, names=names))
        self._connection.execute(f"INSERT INTO {self._table} SELECT * FROM text_batch")
        self._connection.unregister("text_batch")
        self._rows += len(rows)

    def add_broken(self, records: Iterable[tuple[int, Sequence[str | None]]]) -> None:
        """Add rows whose number of fields does not fit the header."""
        for line, fields in records:
            content = dict(zip(self._headers, fields, strict=False))
            surplus = enumerate(fields[len(self._headers) :], start=len(self._headers) + 1)
            content |= {f"field {number}": value for number, value in surplus}
            text = json.dumps(content, ensure_ascii=False)
            self._connection.execute(f"INSERT INTO {self._broken_table} VALUES (?, ?)", [line, text])
            self._broken += 1

    def leave_out(self, what: str, line: int, shown: str) -> None:
        """Count a record that is no data, to be said in the notes."""
        self._left_out.setdefault(what, []).append((line, shown))

    def finish(self) -> Source:
        """The finished description."""
        return Source(
            self._file,
            self._table,
            self._broken_table,
            self._headers,
            self._rows,
            self._broken,
            self._header_line,
            tuple(_note(what, records) for what, records in self._left_out.items()),
        )


def _note(what: str, records: Sequence[tuple[int, str]]) -> str:
    """One sentence on the records that were left out for one reason."""
    lines = ", ".join(str(line) for line, _ in records[:_SHOWN_LINES])
    more = f" and {len(records) - _SHOWN_LINES} more" if len(records) > _SHOWN_LINES else ""
    shown = f": {records[0][1]}" if records[0][1] else ""
    number = "1 row is" if len(records) == 1 else f"{len(records)} rows are"
    return f"{number} no data ({what}), line {lines}{more}{shown}"


def named(headers: Iterable[str | None]) -> list[str]:
    """Headers with a stand-in for empty ones, so that each column can be spoken of."""
    return [(header or "").strip() or f"column {index + 1}" for index, header in enumerate(headers)]
