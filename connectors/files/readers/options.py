"""How a file is to be read, as far as somebody said so or the caller can tell a header when it sees one.

Belongs here: the options of `read_file`. Does not belong here: reading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Record = Sequence[str | None]


@dataclass(frozen=True)
class Recognised:
    """How much of a header a row is.

    Attributes:
        columns: Number of its fields that are names of wanted columns.
        is_complete: Every column that must be there is there.
    """

    columns: int
    is_complete: bool


def nothing_known(_row: Record) -> Recognised:
    """For files whose columns nobody can name beforehand: the first row is the header."""
    return Recognised(0, is_complete=True)


@dataclass(frozen=True)
class ReadOptions:
    """Options of reading one file.

    Attributes:
        recognise: Tells how much of a header a row is.
        sheets: Names of the worksheet to look for, the first that exists; by default that of the file.
        must_have_sheet: Whether a workbook without any of `sheets` is an error.
        encoding: Encoding of a text file; found out when None.
        header_row: Line the header stands on; found out when None.
    """

    recognise: Callable[[Record], Recognised] = nothing_known
    sheets: tuple[str, ...] = ()
    must_have_sheet: bool = False
    encoding: str | None = None
    header_row: int | None = None
