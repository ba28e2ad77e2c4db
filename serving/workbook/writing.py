"""Writes the workbook of a month: one file per language.

Numbers are numbers, exact to the fen: XLSX keeps 15 digits, and a number with more is written as text. Text is text,
also when it begins like a formula. The same publication gives the same bytes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serving.catalogue import LANGUAGES
from serving.errors import ServingError, UnknownPeriodError
from serving.publication.reading import publication_to_read, read_mart
from serving.workbook.sheets import Sheet, read_sheets

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_DIGITS = 15
_MONEY, _PERCENT, _WHOLE, _DATE, _MOMENT = "#,##0.00", "0.00%", "0", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
_RATES = frozenset({"rate"})
_WIDEST = 300


@dataclass(frozen=True, slots=True)
class WorkbookResult:
    """What was written.

    Attributes:
        period: The month.
        files: One per language.
        rows: Rows by sheet, without the heading.
    """

    period: str
    files: tuple[Path, ...]
    rows: dict[str, int]


def write_workbooks(
    published: Path, out: Path, period: str | None = None, languages: Sequence[str] = LANGUAGES
) -> WorkbookResult:
    """Write the workbook of a month.

    Args:
        published: Folder of publications.
        out: Folder; the files go to `out/<period>/`.
        period: The month; None for the last one with payouts.
        languages: `zh`, `en` or both.

    Raises:
        NothingPublishedError: there is no publication.
        UnknownPeriodError: the month is not published.
        ServingError: a sheet does not hold all rows.
    """
    publication = publication_to_read(published)
    month = period or _last_month(publication)
    as_of = read_mart(publication, "dim_calculation", columns=["as_of"])["as_of"].iloc[0]
    files, rows = [], {}
    for language in languages:
        sheets = read_sheets(publication, month, language)
        rows = {sheet.key: len(sheet.rows) for sheet in sheets}
        path = out / month / f"incentive-pay-{month}-{language}.xlsx"
        files.append(_write(path, sheets, created=as_of.to_pydatetime()))
    return WorkbookResult(month, tuple(files), rows)


def _last_month(publication: Path) -> str:
    periods = read_mart(publication, "fct_payouts", columns=["period"])["period"]
    if periods.empty:
        raise UnknownPeriodError(None, ())
    return str(periods.max())


def _write(path: Path, sheets: Sequence[Sheet], created: datetime) -> Path:
    from xlsxwriter import Workbook

    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    try:
        with Workbook(beside) as workbook:
            workbook.set_properties({"created": created})
            for sheet in sheets:
                _SheetWriter(workbook, sheet).write()
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


class _SheetWriter:
    """Writes one sheet."""

    def __init__(self, workbook: "Workbook", sheet: Sheet) -> None:
        self._sheet = sheet
        self._to: Worksheet = workbook.add_worksheet(sheet.title)
        self._bold = workbook.add_format({"bold": True})
        self._formats = {
            form: workbook.add_format({"num_format": form})
            for form in (_MONEY, _PERCENT, _WHOLE, _DATE, _MOMENT)
        }

    def write(self) -> None:
        """Write headings and rows."""
        for column, words in enumerate(self._sheet.headings):
            self._put(self._to.write_string, 0, column, words, self._bold)
        for row, cells in enumerate(self._sheet.rows, start=1):
            for column, value in enumerate(cells):
                self._cell(row, column, value)
        self._to.freeze_panes(1, 0)
        self._to.autofilter(0, 0, len(self._sheet.rows), len(self._sheet.headings) - 1)
        self._to.autofit(_WIDEST)

    def _cell(self, row: int, column: int, value: Any) -> None:
        if value is None:
            return
        if isinstance(value, datetime):
            self._put(self._to.write_datetime, row, column, value, self._formats[_MOMENT])
        elif isinstance(value, date):
            self._put(self._to.write_datetime, row, column, value, self._formats[_DATE])
        elif isinstance(value, int):
            self._put(self._to.write_number, row, column, value, self._formats[_WHOLE])
        elif isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) <= _DIGITS:
            form = _PERCENT if self._sheet.columns[column] in _RATES else _MONEY
            self._put(self._to.write_number, row, column, value, self._formats[form])
        else:
            self._put(self._to.write_string, row, column, str(value))

    def _put(self, write: Callable[..., int], row: int, column: int, *value: Any) -> None:
        """Write a cell; XlsxWriter answers other than 0 when it has not written all of it."""
        if write(row, column, *value) != 0:
            raise ServingError(
                f"row {row + 1} of the sheet {self._sheet.title} does not fit: a sheet has 1,048,576 rows, a cell "
                "32,767 characters",
                "Read the month with incentives.read or from the Parquet files.",
            )
