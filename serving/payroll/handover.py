"""Writes the files of a hand-over: payroll.csv, payroll.xlsx, lines.csv, and last manifest.json.

The same locked month and mapping give the same bytes. Each file appears as a whole; without `manifest.json` a hand-over
is not finished. Text that a spreadsheet would take for a formula is written with an apostrophe before it in CSV, and as
text in XLSX.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serving.errors import ServingError
from serving.payroll.mapping import PayrollMapping
from serving.payroll.rows import Cell, MonthFiles, Sheet, payroll_rows

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MANIFEST = "manifest.json"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_DIGITS = 15


@dataclass(frozen=True)
class Handover:
    """What was written.

    Args:
        folder: Where it lies.
        files: Rows and SHA-256 of each file.
        totals: Control totals by currency.
        manifest_sha256: Of the manifest.
    """

    folder: Path
    files: Mapping[str, Mapping[str, Any]]
    totals: Mapping[str, Mapping[str, str]]
    manifest_sha256: str


def write_handover(
    files: MonthFiles, mapping: PayrollMapping, folder: Path, *, entry: Mapping[str, Any], created: datetime
) -> Handover:
    """Write the hand-over of a locked month.

    Args:
        files: The archived month.
        mapping: The columns of the payroll file.
        folder: Where to; made when missing.
        entry: The lock in the ledger, and who approved, for the manifest.
        created: Time of the lock: the only one that stands in the files.

    Raises:
        ServingError: The folder cannot be written, or holds the hand-over of another month.
    """
    payroll, lines, sums = payroll_rows(files, mapping)
    contents = {
        "payroll.csv": csv_bytes(payroll),
        "payroll.xlsx": xlsx_bytes([payroll, lines], created),
        "lines.csv": csv_bytes(lines),
    }
    rows = {"payroll.csv": len(payroll.rows), "payroll.xlsx": len(payroll.rows), "lines.csv": len(lines.rows)}
    about = {
        name: {"rows": rows[name], "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in contents.items()
    }
    totals = {
        currency: {name: str(value) for name, value in figures.items()} for currency, figures in sums.items()
    }
    manifest = {
        "period": files.period,
        "columns": mapping.title,
        "row_counts": {"payroll": len(payroll.rows), "lines": len(lines.rows)},
        "control_totals": totals,
        "files": about,
        "ledger_entry": dict(entry),
    }
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    try:
        _refuse_other_month(folder, files.period)
        folder.mkdir(parents=True, exist_ok=True)
        _remove_unfinished(folder)
        for name, content in {**contents, MANIFEST: text.encode()}.items():
            _put(folder / name, content)
    except OSError as error:
        raise ServingError(
            f"{folder} cannot be written: {error.strerror}", "Give another folder with --out."
        ) from None
    return Handover(folder, about, totals, hashlib.sha256(text.encode()).hexdigest())


def csv_bytes(sheet: Sheet) -> bytes:
    """A sheet as CSV in UTF-8 with a mark of it, as spreadsheets read Chinese."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(map(neutral, sheet.headings))
    for row in sheet.rows:
        writer.writerow([written(cell) for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def written(cell: Cell) -> str:
    """A cell as text: figures as they are, texts neutral, nothing for None."""
    if cell is None:
        return ""
    return f"{cell:f}" if isinstance(cell, Decimal) else neutral(cell)


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def xlsx_bytes(sheets: list[Sheet], created: datetime) -> bytes:
    """Sheets as a workbook: figures are numbers, texts stay texts."""
    from xlsxwriter import Workbook

    target = io.BytesIO()
    with Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as workbook:
        workbook.set_properties({"created": created})
        money, bold = workbook.add_format({"num_format": "#,##0.00"}), workbook.add_format({"bold": True})
        for sheet in sheets:
            to: Worksheet = workbook.add_worksheet(sheet.title[:31])
            for column, words in enumerate(sheet.headings):
                _checked(to.write_string, 0, column, words, bold)
            for number, row in enumerate(sheet.rows, start=1):
                for column, cell in enumerate(row):
                    _write(to, number, column, cell, money)
            to.freeze_panes(1, 0)
    return target.getvalue()


def _write(to: Worksheet, row: int, column: int, cell: Cell, money: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, Decimal) and len(cell.normalize().as_tuple().digits) <= _DIGITS:
        _checked(to.write_number, row, column, cell, money)
    else:
        _checked(to.write_string, row, column, f"{cell:f}" if isinstance(cell, Decimal) else cell)


def _checked(write: Callable[..., int], row: int, column: int, *value: Any) -> None:
    if write(row, column, *value) != 0:
        raise ServingError(
            f"row {row + 1} does not fit into payroll.xlsx: a sheet has 1,048,576 rows, a cell 32,767 characters",
            "Read lines.csv instead.",
        )


def _refuse_other_month(folder: Path, period: str) -> None:
    """A finished hand-over of one month is not replaced by that of another one."""
    path = folder / MANIFEST
    if not path.is_file():
        return
    try:
        there = json.loads(path.read_bytes())["period"]
    except (ValueError, KeyError, TypeError):
        raise ServingError(
            f"{path} is the manifest of no hand-over", f"Give another folder with --out, for {period} alone."
        ) from None
    if there != period:
        raise ServingError(
            f"{folder} holds the hand-over of {there}", f"Give another folder with --out, for {period} alone."
        )


def _remove_unfinished(folder: Path) -> None:
    """A hand-over without a manifest is not finished; what a killed one left is removed."""
    (folder / MANIFEST).unlink(missing_ok=True)
    for path in folder.glob(".*.handover-tmp"):
        path.unlink()


def _put(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.handover-tmp")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
