"""The same typed table gives the same accepted rows, whether it comes as CSV of any dialect, XLSX or Parquet.

Belongs here: what the readers make of made-up tables. Does not belong here: rules for values (unit tests).
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.files import TEMPLATES
from connectors.files.delivery import list_files
from connectors.files.parts import template_parts
from connectors.files.scratch import Scratch
from connectors.files.validation.bounds import CheckOptions
from connectors.files.validation.validate import check_parts

pytestmark = pytest.mark.every_run

COLUMNS = (
    "deal_id", "customer_id", "owner_employee_id", "amount", "currency", "units", "signed_at", "status", "product",
)  # fmt: skip
CHINESE = tuple(TEMPLATES["deals"].by_name[name].zh for name in COLUMNS)
Row = tuple[Any, ...]

texts = st.text("abXY 019,;|\t\"'-_.é中国科技公司金额\n", min_size=1, max_size=12).filter(
    lambda text: text.strip()
)
moments = st.datetimes(dt.datetime(2019, 1, 1), dt.datetime(2027, 1, 1)).map(  # noqa: DTZ001 (local time)
    lambda moment: moment.replace(microsecond=0)
)
amounts = st.decimals(0, 10**9, places=2)
rows = st.lists(
    st.tuples(
        texts,
        texts,
        texts,
        amounts,
        st.sampled_from(["CNY", "USD", "人民币"]),
        st.none() | st.integers(0, 10**6) | st.decimals(0, 1000, places=3),
        moments,
        st.sampled_from(["signed", "cancelled"]),
        st.none() | texts,
    ),
    max_size=8,
).map(lambda found: [(f"D{number} {row[0]}", *row[1:]) for number, row in enumerate(found)])


@dataclass(frozen=True)
class Dialect:
    """How a table is written as text."""

    delimiter: str
    quoting: int
    line_end: str
    encoding: str
    named: bool
    title: bool
    says_separator: bool
    surplus: int
    header: tuple[str, ...]


dialects = st.builds(
    Dialect,
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gbk", "gb18030"]),
    named=st.booleans(),
    title=st.booleans(),
    says_separator=st.booleans(),
    surplus=st.integers(0, 3),
    header=st.sampled_from([COLUMNS, CHINESE]),
)


def write_csv(folder: Path, table: list[Row], dialect: Dialect) -> str | None:
    """Write a CSV file; gives the encoding that has to be named."""
    with (folder / "deals.csv").open("w", encoding=dialect.encoding, newline="") as handle:
        if dialect.says_separator:
            handle.write(f"sep={dialect.delimiter}{dialect.line_end}")
        if dialect.title:
            handle.write(f"订单明细{dialect.line_end}{dialect.line_end}")
        writer = csv.writer(
            handle, delimiter=dialect.delimiter, quoting=dialect.quoting, lineterminator=dialect.line_end
        )
        writer.writerow(dialect.header)
        for row in table:
            writer.writerow(
                [*("" if value is None else str(value) for value in row), *[""] * dialect.surplus]
            )
    is_sure = dialect.encoding in ("utf-8", "utf-8-sig", "utf-16")
    named = {"utf-8-sig": "utf-8"}.get(dialect.encoding, dialect.encoding)
    return named if dialect.named or not is_sure else None


def in_cells(row: Row) -> list[Any]:
    """A row as a spreadsheet holds it: binary numbers, and no text that begins like a formula."""
    return [float(value) if isinstance(value, Decimal) else value for value in row]


def write_openpyxl(folder: Path, table: list[Row]) -> None:
    """Write a workbook with the library that keeps texts in the cells."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["订单明细"])
    book.active.append(list(CHINESE))
    for row in table:
        book.active.append(in_cells(row))
    book.save(folder / "deals.xlsx")


def write_xlsxwriter(folder: Path, table: list[Row]) -> None:
    """Write a workbook with the library that keeps texts apart, with a Chinese date format."""
    with xlsxwriter.Workbook(str(folder / "deals.xlsx"), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("订单")
        date = book.add_format({"num_format": 'yyyy"年"m"月"d"日" h:mm:ss'})
        sheet.write_row(0, 0, COLUMNS)
        for line, row in enumerate(table, 1):
            for place, value in enumerate(in_cells(row)):
                if isinstance(value, dt.datetime):
                    sheet.write_datetime(line, place, value, date)
                elif isinstance(value, str):
                    sheet.write_string(line, place, value)
                elif value is not None:
                    sheet.write_number(line, place, value)


def write_parquet(folder: Path, table: list[Row]) -> None:
    """Write Parquet: exact amounts, binary units, times in nanoseconds, a dictionary."""
    columns = [[row[place] for row in table] for place in range(len(COLUMNS))]
    types = [pa.string()] * 3 + [
        pa.decimal128(18, 4),
        pa.string(),
        pa.float64(),
        pa.timestamp("ns"),
        pa.string(),
    ]
    arrays = [
        pa.array(
            [None if value is None else float(value) for value in column] if kind == pa.float64() else column,
            kind,
        )
        for column, kind in zip(columns, [*types, pa.string()], strict=True)
    ]
    arrays[7] = arrays[7].dictionary_encode()
    pq.write_table(pa.Table.from_arrays(arrays, names=list(COLUMNS)), folder / "deals.parquet")


def accepted(folder: Path, encoding: str | None = None) -> list[Row]:
    """What an import accepts, typed, in the order of the file."""
    with Scratch() as scratch:
        parts = template_parts(scratch.connection, list_files(folder), lambda *_: None, encoding)
        checked = check_parts(scratch.connection, parts, CheckOptions(), lambda *_: None)
        (file,) = checked.files
        assert (file.quarantined, file.rows_in) == (0, file.accepted), scratch.connection.sql(
            "from quarantine"
        )
        return scratch.connection.execute(
            f"select {', '.join(COLUMNS)} from checked_deals order by _line"
        ).fetchall()


def expected(row: Row) -> Row:
    """A row as the raw layer has it."""
    *ids, amount, currency, units, signed_at, status, product = row
    return (
        *(text.strip() for text in ids),
        amount,
        "CNY" if currency == "人民币" else currency,
        None if units is None else Decimal(units),
        signed_at - dt.timedelta(hours=8),
        status,
        None if product is None else product.strip(),
    )


def test_every_format_gives_the_same_rows(tmp_path_factory: pytest.TempPathFactory) -> None:
    writers: list[Callable[[Path, list[Row]], None]] = [write_openpyxl, write_xlsxwriter, write_parquet]

    @settings(max_examples=6 * settings.default.max_examples)
    @given(rows, dialects)
    def check(table: list[Row], dialect: Dialect) -> None:
        wanted = [expected(row) for row in table]
        folder = tmp_path_factory.mktemp("text")
        assert accepted(folder, write_csv(folder, table, dialect)) == wanted
        for write in writers:
            folder = tmp_path_factory.mktemp("typed")
            write(folder, table)
            assert accepted(folder) == wanted

    check()
