"""Reading: one file becomes a scratch table of text with the line numbers of the file.

    deals.csv | deals.xlsx | deals.parquet → read_file → Source (headers, table of text, broken records)

Belongs here: file formats, encodings, turning typed cells into exact text.
Does not belong here: templates, headers' meaning, types, checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.common.problems import DeliveryRejected, ImportProblem
from connectors.files.delivery import DeliveredFile, check_suffix
from connectors.files.readers.delimited import read_delimited
from connectors.files.readers.parquet import read_parquet
from connectors.files.readers.workbook import read_workbook
from connectors.files.scratch import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MAGIC = {b"PK\x03\x04": ".xlsx", b"PAR1": ".parquet", b"\xd0\xcf\x11\xe0": ".xls"}

__all__ = ["read_file"]


def read_file(
    con: DuckDBPyConnection, file: DeliveredFile, table: str, *, sheet: str | None = None
) -> Source:
    """Read a file as text into scratch table `table`.

    Args:
        con: Scratch connection.
        file: The file.
        table: Name of the table to make.
        sheet: Worksheet to read; by default the one named like the file, else the first.

    Raises:
        ImportProblem: The file is empty (no header).
        DeliveryRejected: The content is not what the suffix says, or cannot be read.
    """
    check_suffix(file)
    if file.path.stat().st_size == 0:
        raise empty_file(file)
    _check_content(file)
    if file.suffix == ".csv":
        source = read_delimited(con, file, table)
    elif file.suffix == ".xlsx":
        source = read_workbook(con, file, table, sheet)
    else:
        source = read_parquet(con, file, table)
    if source is None:
        raise empty_file(file)
    return source


def empty_file(file: DeliveredFile) -> ImportProblem:
    """The error for a file without even a header."""
    return ImportProblem(
        "the file is empty",
        where=str(file.path),
        hint="write at least the header row (no rows below it means: nothing new), or leave the file out",
    )


def _check_content(file: DeliveredFile) -> None:
    with file.path.open("rb") as handle:
        start = handle.read(4)
    actual = _MAGIC.get(start, ".csv")
    if actual != file.suffix:
        raise DeliveryRejected(
            f"wrong file type: named {file.suffix}, but the content is "
            + ("plain text or damaged" if actual == ".csv" else f"{actual}"),
            where=str(file.path),
            hint="export it again, or give it the right suffix",
        )
