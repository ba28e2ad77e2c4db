"""The workbench of one import: a private in-memory DuckDB that holds files as text while they are checked.

Belongs here: the connection, and `Source`, the description of one file read into it.
Does not belong here: reading files, checks, or anything about the warehouse.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

    from duckdb import DuckDBPyConnection

# 2026-10: keeps an import of ten million rows beside the orchestrator inside 4 GiB; more spills to disk.
_MEMORY_LIMIT = "2GB"
# Texts of workbook cells whose value cannot be known begin so, like #N/A; what follows is what the sheet holds.
FORMULA = "#FORMULA!"  # a formula without a result that a spreadsheet calculated
MERGED = "#MERGED!"  # cells merged with others of more than this row or column
_ERRORS = "N/A|REF!|DIV/0!|VALUE!|NAME\\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!|GETTING_DATA"
SPREADSHEET_ERROR = f"^#({_ERRORS})$"
_UNKNOWN = f"(?s)^#(({_ERRORS})$|(FORMULA|MERGED)!)"


@dataclass(frozen=True)
class Source:
    """One file, read as text into scratch tables.

    Attributes:
        file: File name inside the delivery.
        table: Scratch table with `line` BIGINT and one VARCHAR column per header: c0, c1, ….
        broken_table: Scratch table (line BIGINT, "row" VARCHAR) of records with a wrong number of fields.
        headers: Column headers as written in the file.
        rows: Records in `table`.
        broken: Records in `broken_table`.
        header_line: Line the header stands on; 0 where a schema takes its place.
        notes: What the report has to say about how the file was read.
        above: The rows above the header, their fields joined.
    """

    file: str
    table: str
    broken_table: str
    headers: tuple[str, ...]
    rows: int
    broken: int
    header_line: int = 0
    notes: tuple[str, ...] = ()
    above: tuple[str, ...] = ()

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The headers, with a number on repeated ones, so that they can be keys of one JSON object."""
        seen: Counter[str] = Counter()
        labels: list[str] = []
        for header in self.headers:
            seen[header] += 1
            labels.append(header if seen[header] == 1 else f"{header} ({seen[header]})")
        return tuple(labels)

    def row_json(self, alias: str) -> str:
        """SQL for one record as JSON text: header to value, exactly as in the file."""
        pairs = ", ".join(f"{quoted(label)}, {alias}.c{index}" for index, label in enumerate(self.labels))
        return f"CAST(json_object({pairs}) AS VARCHAR)"


class Scratch:
    """An in-memory DuckDB that lives as long as one import and spills to a temporary folder."""

    def __init__(self) -> None:
        import duckdb

        self._folder = tempfile.TemporaryDirectory(prefix="incentives-import-")
        self.connection: DuckDBPyConnection = duckdb.connect(":memory:")
        self.connection.execute("SET TimeZone = 'UTC'")
        self.connection.execute(f"SET memory_limit = '{_MEMORY_LIMIT}'")
        self.connection.execute(f"SET temp_directory = {quoted(self._folder.name)}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()
        self._folder.cleanup()


def is_unknown(text: str) -> str:
    """SQL: the text stands for a cell of a spreadsheet whose value nobody can know (an error, FORMULA, MERGED)."""
    return f"(starts_with({text}, '#') AND regexp_matches({text}, {quoted(_UNKNOWN)}))"


def known_or(texts: Iterable[str], otherwise: str) -> str:
    """SQL: the first of some texts that is an unknown cell, so that no step turns it into a value; else `otherwise`."""
    branches = " ".join(f"WHEN {is_unknown(text)} THEN {text}" for text in dict.fromkeys(texts))
    return f"CASE {branches} ELSE {otherwise} END" if branches else otherwise


def quoted(text: str) -> str:
    """`text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def name(identifier: str) -> str:
    """`identifier` as a quoted SQL name."""
    return '"' + identifier.replace('"', '""') + '"'


def scalar(connection: DuckDBPyConnection, query: str) -> int:
    """The single whole number that `query` returns."""
    row = connection.execute(query).fetchone()
    if row is None:
        raise AssertionError(f"no row from: {query}")
    return int(row[0] or 0)
