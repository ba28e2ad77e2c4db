"""Reading CSV with exact line numbers.

Belongs here: delimiter and quoting. Does not belong here: encodings, which row is the header, types.

Python's csv module is used, not a parallel reader: it tells the physical line of every record, also with
line breaks inside quotes, and 1,000,000 deals take a few seconds.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.common.problems import DeliveryRejected
from connectors.files.delivery import DeliveredFile
from connectors.files.readers.encodings import detect_encoding
from connectors.files.readers.options import ReadOptions
from connectors.files.readers.records import SEARCHED_ROWS, Numbered, best_header, to_table
from connectors.files.scratch import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_DELIMITERS = (",", ";", "\t", "|")
# The first line by which spreadsheets name the delimiter to each other.
_SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=(.)"?[;,\t|]*\s*', re.IGNORECASE)


def read_delimited(
    connection: DuckDBPyConnection, file: DeliveredFile, table: str, options: ReadOptions
) -> Source | None:
    """Read a CSV file into `table`; None when it has no header.

    Blank lines are skipped. A record with too many or too few fields is kept apart, never guessed at; empty
    fields beyond the header say nothing.

    Raises:
        DeliveryRejected: The text is no CSV (an unclosed quote, or text after a closing quote).
    """
    encoding = detect_encoding(file.path, options.encoding)
    records = _records(file.path, encoding.codec, options)
    try:
        source = to_table(connection, file, table, records, options)
    except csv.Error as error:
        raise DeliveryRejected(
            f"this is no well-formed CSV: {error}",
            where=str(file.path),
            hint='a quote is probably not closed, or not written twice ("") within a field; export the file again',
        ) from error
    if source is None or not encoding.note:
        return source
    return replace(source, notes=(encoding.note, *source.notes))


def _records(path: Path, encoding: str, options: ReadOptions) -> Iterator[Numbered]:
    """All records, each with the physical line it starts on."""
    with path.open(encoding=encoding, newline="") as handle:
        delimiter, skipped = _delimiter(list(islice(handle, SEARCHED_ROWS)), options)
        handle.seek(0)
        for _ in range(skipped):
            next(handle)
        reader = csv.reader(handle, delimiter=delimiter, strict=True)
        start = skipped + 1
        try:
            for record in reader:
                yield start, [_unprotected(field) for field in record]
                start = reader.line_num + skipped + 1
        except csv.Error as error:
            raise csv.Error(f"record starting on line {start}: {error}") from error


def _unprotected(field: str) -> str:
    """The text of `="00123"`, by which exports keep spreadsheet programs from taking it for a number."""
    if field[:2] == '="' and field[-1] == '"' and len(field) > 2:
        return field[2:-1].replace('""', '"')
    return field


def _delimiter(lines: Sequence[str], options: ReadOptions) -> tuple[str, int]:
    """The delimiter, and the number of lines before the first record.

    A line `sep=;` is obeyed. Else it is the delimiter under which most wanted columns are found; where none
    is, the one that splits the first line that it can split into most fields; a comma when none does.
    """
    named = _SEPARATOR_LINE.fullmatch(lines[0]) if lines else None
    if named is not None:
        return named[1], 1

    def found(delimiter: str) -> tuple[int, int]:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if any(row)]
        if not rows:
            return 0, 0
        header = rows[best_header(rows, options)]
        return options.recognise(header).columns, len(header)

    return max(_DELIMITERS, key=found), 0
