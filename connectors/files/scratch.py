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
from pathlib import Path
from typing import TYPE_CHECKING, Self

from connectors.common.sql_text import quoted
from connectors.common.warehouse import in_memory

if TYPE_CHECKING:
    from types import TracebackType

    from duckdb import DuckDBPyConnection

# 2026-10: keeps an import of ten million rows beside the orchestrator inside 4 GiB; more spills to disk.
_MEMORY_LIMIT = "2GB"
NO_TEXT = "CAST(NULL AS VARCHAR)"
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
        below: Remarks below it that are no data, such as the unit of all amounts.
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
    below: tuple[str, ...] = ()

    @property
    def titles(self) -> tuple[str, ...]:
        """What is said about the table beside its rows, above and below."""
        return (*self.above, *self.below)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The headers, with a number on repeated ones, so that they can be keys of one JSON object."""
        seen: Counter[str] = Counter()
        labels: list[str] = []
        for header in self.headers:
            seen[header] += 1
            labels.append(header if seen[header] == 1 else f"{header} ({seen[header]})")
        return tuple(labels)

    @property
    def words(self) -> tuple[str, str]:
        """What messages call it, and one of its columns."""
        return "file", "column"

    def row_json(self, alias: str) -> str:
        """SQL for one record as JSON text: header to value, exactly as in the file."""
        pairs = ", ".join(f"{quoted(label)}, {alias}.c{index}" for index, label in enumerate(self.labels))
        return f"CAST(json_object({pairs}) AS VARCHAR)"

    def record_id(self, _alias: str) -> str:
        """SQL for the id that a record has in its system; rows of files have none but their line."""
        return NO_TEXT


@dataclass(frozen=True)
class RecordSource(Source):
    """Records of a connected system in a scratch table, with `record` (JSON text) and `record_id` besides.

    The columns are the fields that are used, by their paths; the other headers are only there to be named.
    """

    @property
    def words(self) -> tuple[str, str]:
        """What messages call it, and one of its columns."""
        return "resource", "field"

    def row_json(self, alias: str) -> str:
        """SQL for one record as JSON text, as the system gave it."""
        return f"{alias}.record"

    def record_id(self, _alias: str) -> str:
        """SQL for the id of the record in its system."""
        return f"{_alias}.record_id"


class Scratch:
    """An in-memory DuckDB that lives as long as one import and spills to a temporary folder.

    Attributes:
        connection: To that database.
        folder: The temporary folder, for files that live as long.
    """

    def __init__(self) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="incentives-import-")
        self.folder = Path(self._temporary.name)
        self.connection: DuckDBPyConnection = in_memory()
        self.connection.execute("SET TimeZone = 'UTC'")
        self.connection.execute(f"SET memory_limit = '{_MEMORY_LIMIT}'")
        self.connection.execute(f"SET temp_directory = {quoted(self._temporary.name)}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()
        self._temporary.cleanup()


def is_unknown(text: str) -> str:
    """SQL: the text stands for a cell of a spreadsheet whose value nobody can know (an error, FORMULA, MERGED)."""
    return f"(starts_with({text}, '#') AND regexp_matches({text}, {quoted(_UNKNOWN)}))"


def known_or(texts: Iterable[str], otherwise: str) -> str:
    """SQL: the first of some texts that is an unknown cell, so that no step turns it into a value; else `otherwise`."""
    branches = " ".join(f"WHEN {is_unknown(text)} THEN {text}" for text in dict.fromkeys(texts))
    return f"CASE {branches} ELSE {otherwise} END" if branches else otherwise


def scalar(connection: DuckDBPyConnection, query: str) -> int:
    """The single whole number that `query` returns."""
    row = connection.execute(query).fetchone()
    if row is None:
        raise AssertionError(f"no row from: {query}")
    return int(row[0] or 0)
