"""Reading CSV with exact line numbers.

Belongs here: delimiter and quoting. Does not belong here: encodings, meaning of headers, types.

Python's csv module is used, not a parallel reader: it tells the physical line of every record, also with
line breaks inside quotes, and 1,000,000 deals take a few seconds.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.common.problems import DeliveryRejected
from connectors.files.delivery import DeliveredFile
from connectors.files.readers.batches import BATCH_ROWS, TextTable, named
from connectors.files.readers.encodings import detect_encoding
from connectors.files.scratch import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_DELIMITERS = (",", ";", "\t")


def read_delimited(con: DuckDBPyConnection, file: DeliveredFile, table: str) -> Source | None:
    """Read a CSV file into `table`; None when it has no header.

    Blank lines are skipped. A record with too many or too few fields is kept apart, never guessed at.

    Raises:
        DeliveryRejected: The text is no CSV (an unclosed quote, or text after a closing quote).
    """
    encoding = detect_encoding(file.path)
    records = _records(file.path, encoding)
    try:
        header = next(records, None)
        if header is None:
            return None
        target = TextTable(con, file.name, table, named(header[1]))
        _fill(target, records, len(header[1]))
    except csv.Error as error:
        raise DeliveryRejected(
            f"this is no well-formed CSV: {error}",
            where=str(file.path),
            hint="a quote is probably not closed; export the file again",
        ) from error
    return target.finish()


def _records(path: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Records that are not blank, each with the physical line it starts on."""
    with path.open(encoding=encoding, newline="") as handle:
        delimiter = _delimiter(next((line for line in handle if line.strip()), ""))
        handle.seek(0)
        reader = csv.reader(handle, delimiter=delimiter, strict=True)
        start = 1
        try:
            for record in reader:
                if any(record):
                    yield start, record
                start = reader.line_num + 1
        except csv.Error as error:
            raise csv.Error(f"record starting on line {start}: {error}") from error


def _delimiter(first_line: str) -> str:
    """The delimiter that splits the header into most fields; a comma when none does."""

    def fields(delimiter: str) -> int:
        return len(next(csv.reader([first_line], delimiter=delimiter), []))

    return max(_DELIMITERS, key=fields)


def _fill(target: TextTable, records: Iterator[tuple[int, list[str]]], width: int) -> None:
    lines: list[int] = []
    rows: list[list[str]] = []
    for line, record in records:
        if len(record) != width:
            target.add_broken([(line, record)])
            continue
        lines.append(line)
        rows.append(record)
        if len(rows) == BATCH_ROWS:
            target.add(lines, rows)
            lines, rows = [], []
    target.add(lines, rows)
