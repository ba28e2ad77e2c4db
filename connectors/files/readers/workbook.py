"""Reading XLSX: typed cells become exact text, so that all later checks are the same as for CSV.

Belongs here: choosing the worksheet and spelling cell values. Does not belong here: types and checks.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from connectors.common.problems import DeliveryRejected, MappingProblem, closest
from connectors.files.delivery import DeliveredFile
from connectors.files.readers.batches import BATCH_ROWS, TextTable, named
from connectors.files.scratch import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Beyond 15 digits a spreadsheet's number is no longer exact; it is then written as it stands.
_EXACT_WHOLE = 10**15


def read_workbook(
    con: DuckDBPyConnection, file: DeliveredFile, table: str, sheet: str | None
) -> Source | None:
    """Read one worksheet into `table`; None when it has no header.

    Raises:
        DeliveryRejected: The workbook is damaged.
        MappingProblem: The asked worksheet does not exist.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(file.path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, EOFError) as error:
        raise DeliveryRejected(
            "wrong file type: this is no readable XLSX workbook", where=str(file.path), hint="save it again"
        ) from error
    try:
        worksheet = book[_sheet_name(book.sheetnames, file, sheet)]
        worksheet.reset_dimensions()  # some writers store wrong ones, and rows would be cut off
        return _read_rows(con, file, table, worksheet.iter_rows(values_only=True))
    finally:
        book.close()


def _sheet_name(names: Sequence[str], file: DeliveredFile, sheet: str | None) -> str:
    by_folded = {found.casefold(): found for found in names}
    if sheet is None:
        return by_folded.get(file.path.stem.casefold(), names[0])
    if sheet.casefold() not in by_folded:
        raise MappingProblem(
            f"the workbook has no worksheet {sheet!r}",
            where=str(file.path),
            hint=f"{closest(sheet, names)}Worksheets: {', '.join(names)}",
        )
    return by_folded[sheet.casefold()]


def _read_rows(
    con: DuckDBPyConnection, file: DeliveredFile, table: str, cells: Iterable[Sequence[Any]]
) -> Source | None:
    target: TextTable | None = None
    width = 0
    lines: list[int] = []
    rows: list[list[str | None]] = []
    for line, values in enumerate(cells, start=1):
        record = _without_tail([as_text(value) for value in values])
        if not record:
            continue
        if target is None:
            width = len(record)
            target = TextTable(con, file.name, table, named(record))
        elif len(record) > width:
            target.add_broken([(line, record)])
        else:
            lines.append(line)
            rows.append(record + [None] * (width - len(record)))
        if len(rows) == BATCH_ROWS and target is not None:
            target.add(lines, rows)
            lines, rows = [], []
    if target is None:
        return None
    target.add(lines, rows)
    return target.finish()


def _without_tail(record: list[str | None]) -> list[str | None]:
    while record and not (record[-1] or "").strip():
        record.pop()
    return record


def as_text(value: object) -> str | None:
    """One cell as text: numbers by their shortest exact spelling, dates in ISO 8601.

    A binary float is never calculated with: 1234.1 becomes "1234.1", and 1001.0 becomes "1001".
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < _EXACT_WHOLE
        return str(int(value)) if whole else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
