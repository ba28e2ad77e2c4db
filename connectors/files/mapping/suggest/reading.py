"""The tables of a foreign folder: every visible worksheet and text file, alike ones as one.

    folder → tables, each with where it stands (file, worksheet, header, encoding) | files that are not read

Belongs here: which tables there are. Does not belong here: what stands in them (see profile, guess).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.common.problems import DeliveryRejected, ImportProblem
from connectors.files.delivery import DeliveredFile
from connectors.files.headers import numbered
from connectors.files.mapping.suggest.vocabulary import VOCABULARY, plain
from connectors.files.readers import ReadOptions, Recognised, read_file
from connectors.files.readers.encodings import guessed_encoding
from connectors.files.readers.workbook_package import Package
from connectors.files.scratch import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_KNOWN = {
    plain(word) for columns in VOCABULARY.values() for words in columns.values() for word in words.split()
}


@dataclass(frozen=True)
class Place:
    """Where a table stands.

    Attributes:
        file: The file.
        sheet: Its worksheet, when the workbook has several that are visible.
        header_line: Line of the header.
        encoding: The encoding it was read with, when that is only a guess.
    """

    file: DeliveredFile
    sheet: str | None
    header_line: int
    encoding: str | None

    @property
    def name(self) -> str:
        """For messages."""
        return self.file.name if self.sheet is None else f"{self.file.name} ({self.sheet})"


@dataclass(frozen=True)
class Table:
    """Rows that stand under the same header, in one place or in several.

    Attributes:
        places: Where they stand.
        table: Scratch table with `line` and c0, c1, …
        headers: The header, columns of one name numbered.
        rows: Their number.
        above: What stands above the header.
    """

    places: tuple[Place, ...]
    table: str
    headers: tuple[str, ...]
    rows: int
    above: tuple[str, ...]

    @property
    def name(self) -> str:
        """For messages: the first place."""
        return self.places[0].name

    @property
    def typed_cells(self) -> bool:
        """Whether it has real numbers besides text."""
        return any(place.file.suffix != ".csv" for place in self.places)


def read_tables(
    connection: DuckDBPyConnection, files: Iterable[DeliveredFile]
) -> tuple[list[Table], dict[str, str]]:
    """All tables, and the files that cannot be read with what is wrong with them."""
    found: list[tuple[Place, Source]] = []
    unread: dict[str, str] = {}
    for file in files:
        try:
            for sheet in _sheets(file):
                one = _read(connection, file, sheet, f"profile_{len(found)}")
                if one is not None:
                    found.append(one)
        except (ImportProblem, DeliveryRejected) as problem:
            unread[file.name] = problem.what
    return list(_joined(connection, found)), unread


def _sheets(file: DeliveredFile) -> Sequence[str | None]:
    """Names of the visible worksheets; None where there is no choice."""
    if file.suffix != ".xlsx":
        return (None,)
    package = Package(file.path)
    try:
        names = [sheet.name for sheet in package.sheets if sheet.is_visible]
    finally:
        package.close()
    return names if len(names) > 1 else (None,)


def _read(
    connection: DuckDBPyConnection, file: DeliveredFile, sheet: str | None, table: str
) -> tuple[Place, Source] | None:
    """One table; its header is the row with most names that are known. None when the worksheet is empty."""

    def recognise(row: Sequence[str | None]) -> Recognised:
        return Recognised(len({plain(field) for field in row if field} & _KNOWN), is_complete=False)

    def read(encoding: str | None) -> tuple[Place, Source]:
        sheets = () if sheet is None else (sheet,)
        source = read_file(connection, file, table, ReadOptions(recognise, sheets=sheets, encoding=encoding))
        return Place(file, sheet, source.header_line, encoding), source

    try:
        return read(None)
    except DeliveryRejected:
        encoding = guessed_encoding(file.path) if file.suffix == ".csv" else None
        if encoding is None:
            raise
        return read(encoding)
    except ImportProblem:
        if sheet is None:
            raise
        return None


def _joined(connection: DuckDBPyConnection, found: Sequence[tuple[Place, Source]]) -> Iterator[Table]:
    """Tables with the same header are one: an export in a file (or worksheet) for each month."""
    by_header: dict[tuple[str, ...], list[tuple[Place, Source]]] = {}
    for place, source in found:
        by_header.setdefault(source.headers, []).append((place, source))
    for number, (headers, parts) in enumerate(by_header.items()):
        table = parts[0][1].table
        if len(parts) > 1:
            table = f"joined_{number}"
            union = " UNION ALL ".join(f"SELECT * FROM {source.table}" for _, source in parts)
            connection.execute(f"CREATE TABLE {table} AS {union}")
        yield Table(
            tuple(place for place, _ in parts),
            table,
            tuple(numbered(headers)),
            sum(source.rows for _, source in parts),
            tuple(title for _, source in parts for title in source.titles),
        )
