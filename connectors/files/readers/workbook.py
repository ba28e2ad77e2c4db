"""Reading XLSX: one worksheet becomes records of text, so that all later checks are the same as for CSV.

Belongs here: choosing the worksheet, and what the report says about the others.
Does not belong here: the container (workbook_package), cells (workbook_cells), types and checks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from connectors.common.problems import DeliveryRejected, MappingProblem, closest
from connectors.files.delivery import DeliveredFile
from connectors.files.readers.options import ReadOptions
from connectors.files.readers.records import to_table
from connectors.files.readers.workbook_cells import SheetReader, marked
from connectors.files.readers.workbook_package import Package, Sheet
from connectors.files.scratch import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def read_workbook(
    connection: DuckDBPyConnection, file: DeliveredFile, table: str, options: ReadOptions
) -> Source | None:
    """Read one worksheet into `table`; None when it has no header.

    Raises:
        DeliveryRejected: The workbook is damaged, or unpacks to more than is read.
        MappingProblem: The asked worksheet does not exist.
    """
    package = Package(file.path)
    try:
        sheet = _chosen(package.sheets, file, options)
        reader = SheetReader(package, sheet)
        records = marked(reader.rows(), reader.merges) if reader.merges else reader.rows()
        source = to_table(connection, file, table, records, options, pads=True)
        if source is None:
            return None
        notes = _notes(package.sheets, sheet, reader.hidden_rows)
        return replace(source, notes=(*notes, *source.notes))
    finally:
        package.close()


def _chosen(sheets: Sequence[Sheet], file: DeliveredFile, options: ReadOptions) -> Sheet:
    """The worksheet that is asked for, else the one named like the file, else the first that is visible."""
    if not sheets:
        raise DeliveryRejected(
            "the workbook has no worksheet", where=str(file.path), hint="put the rows on a worksheet"
        )
    by_folded = {sheet.name.strip().casefold(): sheet for sheet in sheets}
    for wanted in (*options.sheets, file.path.stem):
        if wanted.strip().casefold() in by_folded:
            return by_folded[wanted.strip().casefold()]
        if options.must_have_sheet:
            names = [sheet.name for sheet in sheets]
            raise MappingProblem(
                f"the workbook has no worksheet {wanted!r}",
                where=str(file.path),
                hint=f"{closest(wanted, names)}Worksheets: {', '.join(names)}",
            )
    return next((sheet for sheet in sheets if sheet.is_visible), sheets[0])


def _notes(sheets: Sequence[Sheet], read: Sheet, hidden_rows: int) -> list[str]:
    notes = []
    if not read.is_visible:
        notes.append(f"the worksheet {read.name!r} is hidden; it was read all the same")
    others = [sheet.name + ("" if sheet.is_visible else " (hidden)") for sheet in sheets if sheet is not read]
    if others:
        notes.append(f"the worksheet {read.name!r} was read; not read: {', '.join(others)}")
    if hidden_rows:
        notes.append(
            f"hidden rows in the sheet: {hidden_rows} (filtered or folded); they were read all the same"
        )
    return notes
