"""Writing the empty templates that users fill in: English header, Chinese alias row, nothing else.

Belongs here: the look of the files. Does not belong here: what the templates contain.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from connectors.common.contract import Column, Kind, Template
from connectors.common.problems import ImportProblem
from connectors.files.templates import TEMPLATES

if TYPE_CHECKING:
    import xlsxwriter

_FILLED_ROWS = 10_000  # rows a workbook prepares with drop-down lists


def write_templates(directory: Path, fmt: Literal["csv", "xlsx"] = "csv") -> list[Path]:
    """Write one empty file per template; the result is importable as it is, with no rows.

    Args:
        directory: Folder to write to; made when missing.
        fmt: `csv` (UTF-8 with BOM, which spreadsheets need to show Chinese) or `xlsx` (with drop-down lists
            and a remark on each column).

    Returns:
        The files written.

    Raises:
        ImportProblem: A file exists already, or the format is unknown.
    """
    if fmt not in ("csv", "xlsx"):
        raise ImportProblem(f"there is no template format {fmt!r}", hint="give csv or xlsx")
    paths = {entity: directory / f"{entity}.{fmt}" for entity in TEMPLATES}
    existing = [path.name for path in paths.values() if path.exists()]
    if existing:
        raise ImportProblem(
            f"would overwrite {', '.join(existing)}", where=str(directory), hint="give an empty folder"
        )
    directory.mkdir(parents=True, exist_ok=True)
    for entity, path in paths.items():
        if fmt == "csv":
            _write_csv(path, TEMPLATES[entity])
        else:
            _write_workbook(path, TEMPLATES[entity])
    return list(paths.values())


def _write_csv(path: Path, template: Template) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(template.names)
        writer.writerow(column.zh for column in template.columns)


def _write_workbook(path: Path, template: Template) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        formats = _formats(book)
        sheet = book.add_worksheet(template.entity)
        sheet.freeze_panes(2, 0)
        for index, column in enumerate(template.columns):
            sheet.set_column(index, index, max(14, len(column.name) + 2), formats[_format_of(column)])
            sheet.write_string(0, index, column.name, formats["required" if column.required else "header"])
            sheet.write_string(1, index, column.zh, formats["alias"])
            sheet.write_comment(0, index, _remark(column))
            if column.allowed:
                choices = {"validate": "list", "source": list(column.allowed), "error_type": "warning"}
                sheet.data_validation(2, index, _FILLED_ROWS, index, choices)


def _formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    return {
        "header": book.add_format({"bg_color": "#DDEBF7", "num_format": "@"}),
        "required": book.add_format({"bold": True, "bg_color": "#BDD7EE", "num_format": "@"}),
        "alias": book.add_format({"italic": True, "font_color": "#7F7F7F", "num_format": "@"}),
        "text": book.add_format({"num_format": "@"}),
        "number": book.add_format({"num_format": "General"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }


def _format_of(column: Column) -> str:
    """Ids, periods and texts are text cells, so that a spreadsheet changes nothing in them."""
    if column.kind in (Kind.ID, Kind.TEXT, Kind.PERIOD, Kind.MONTH, Kind.CURRENCY):
        return "text"
    return {Kind.DATE: "date", Kind.TIMESTAMP: "moment"}.get(column.kind, "number")


def _remark(column: Column) -> str:
    need = "required" if column.required else "optional"
    words = f"\nallowed: {', '.join(column.allowed)}" if column.allowed else ""
    return f"{column.zh} ({column.kind}, {need})\n{column.about}{words}"
