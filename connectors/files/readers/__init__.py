"""Reading: one file becomes a scratch table of text with the line numbers of the file.

    deals.csv | deals.xlsx | deals.parquet → read_file → Source (headers, table of text, broken records, notes)

Belongs here: file formats, encodings, where the header stands, turning typed cells into exact text.
Does not belong here: templates, headers' meaning, types, checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.common.problems import DeliveryRejected, ImportProblem
from connectors.files.delivery import DeliveredFile, check_suffix
from connectors.files.readers.delimited import read_delimited
from connectors.files.readers.options import ReadOptions, Recognised
from connectors.files.readers.parquet import read_parquet
from connectors.files.readers.workbook import read_workbook
from connectors.files.scratch import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MAGIC = {b"PK\x03\x04": ".xlsx", b"PAR1": ".parquet", b"\xd0\xcf\x11\xe0": ".xls"}
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PAGES = (b"<html", b"<!doctype html", b"<table", b"<?xml")

__all__ = ["ReadOptions", "Recognised", "read_file"]


def read_file(
    connection: DuckDBPyConnection, file: DeliveredFile, table: str, options: ReadOptions | None = None
) -> Source:
    """Read a file as text into scratch table `table`.

    Args:
        connection: Scratch connection.
        file: The file.
        table: Name of the table to make.
        options: What is known about the file.

    Raises:
        ImportProblem: The file is empty (no header), or an option makes no sense.
        DeliveryRejected: The content is not what the suffix says, or cannot be read.
    """
    options = options or ReadOptions()
    check_suffix(file)
    if file.path.stat().st_size == 0:
        raise empty_file(file)
    _check_content(file)
    if file.suffix == ".csv":
        source = read_delimited(connection, file, table, options)
    elif file.suffix == ".xlsx":
        source = read_workbook(connection, file, table, options)
    else:
        source = read_parquet(connection, file, table)
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
        start = handle.read(64)
    actual = _MAGIC.get(start[:4], ".csv")
    if actual == file.suffix and not start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_PAGES):
        return
    what, hint = _found(file, actual, start)
    raise DeliveryRejected(
        f"wrong file type: named {file.suffix}, but the content is {what}", where=str(file.path), hint=hint
    )


def _found(file: DeliveredFile, actual: str, start: bytes) -> tuple[str, str]:
    """What a file is, and what to do, when it is not what its name says."""
    if actual == ".xls":
        if _ENCRYPTED in file.path.read_bytes():
            return (
                "a workbook with a password",
                "open it with its password, remove that, and save it as .xlsx",
            )
        return ".xls, the old format of workbooks", "open it in a spreadsheet program and save it as .xlsx"
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_PAGES):
        return "a web page or XML, not a table", "open it in a spreadsheet program and save it as .xlsx"
    if actual == ".csv":
        return "plain text or damaged", "export it again, or give it the right suffix"
    return actual, "export it again, or give it the right suffix"
