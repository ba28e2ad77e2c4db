"""Bad files of every kind, each made by a function of the delivery's folder (see test_bad_inputs_say_what_to_do)."""

from __future__ import annotations

import os
import socket
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

HEADER = "deal_id,customer_id,owner_employee_id,amount,currency,signed_at,status\n"
GOOD = f"{HEADER}D1,C1,E1,5.00,CNY,2026-01-05,signed\n"
SALES = "No,Client,Rep,Amount,Date\nD1,C1,E1,5.00,2026-01-05\n"


def file_of(name: str, content: str | bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(
        content.encode() if isinstance(content, str) else content
    )


def deal_with(column: str, value: str) -> Callable[[Path], object]:
    """One deal with one bad value."""
    names = HEADER.strip().split(",")
    values = ["D1", "C1", "E1", "5.00", "CNY", "2026-01-05", "signed"]
    values[names.index(column)] = value
    return file_of("deals.csv", HEADER + ",".join(values) + "\n")


def mapped(mapping: str, sales: str = SALES) -> Callable[[Path], object]:
    def make(folder: Path) -> None:
        (folder.parent / "mapping.yml").write_text(mapping, encoding="utf-8")
        (folder / "sales.csv").write_text(sales, encoding="utf-8")

    return make


def mapped_bytes(mapping: bytes) -> Callable[[Path], object]:
    def make(folder: Path) -> None:
        (folder.parent / "mapping.yml").write_bytes(mapping)
        (folder / "sales.csv").write_text(SALES, encoding="utf-8")

    return make


def a_file_for_the_folder(folder: Path) -> None:
    folder.rmdir()
    folder.write_text(GOOD, encoding="utf-8")


def empty_workbook(folder: Path) -> None:
    with xlsxwriter.Workbook(folder / "deals.xlsx") as book:
        book.add_worksheet()


def mapping_folder(folder: Path) -> None:
    file_of("sales.csv", SALES)(folder)
    (folder.parent / "mapping.yml").mkdir()


def mapping_pipe(folder: Path) -> None:
    file_of("sales.csv", SALES)(folder)
    os.mkfifo(folder.parent / "mapping.yml")


def a_socket(folder: Path) -> None:
    here = Path.cwd()
    os.chdir(folder)  # the path of a socket may have 108 characters
    try:
        socket.socket(socket.AF_UNIX).bind("deals.csv")
    finally:
        os.chdir(here)


def link_out(folder: Path) -> None:
    file_of("elsewhere.csv", GOOD)(folder.parent)
    (folder / "deals.csv").symlink_to("../elsewhere.csv")


def folder_inside(folder: Path) -> None:
    file_of("deals.csv", GOOD)(folder)
    (folder / "older").mkdir()


def two_files(folder: Path) -> None:
    file_of("deals.csv", GOOD)(folder)
    file_of("deals.xlsx", GOOD)(folder)


def zip_bomb(folder: Path) -> None:
    with zipfile.ZipFile(folder / "deals.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", b" " * 200_000_000)


def workbook_with(
    change: Callable[[xlsxwriter.worksheet.Worksheet], object],
) -> Callable[[Path], object]:
    """A workbook of one good deal, in which one cell is written anew."""

    def make(folder: Path) -> None:
        with xlsxwriter.Workbook(folder / "deals.xlsx") as book:
            sheet = book.add_worksheet()
            for row, line in enumerate(GOOD.strip().splitlines()):
                sheet.write_row(row, 0, line.split(","))
            change(sheet)

    return make


def half_a_workbook(folder: Path) -> None:
    workbook_with(lambda sheet: sheet.name)(folder)
    file = folder / "deals.xlsx"
    os.truncate(file, file.stat().st_size // 2)


def wide_parquet(folder: Path) -> None:
    names = HEADER.strip().split(",")
    columns = dict(zip(names, GOOD.splitlines()[1].split(","), strict=True))
    table = {name: pa.array([value]) for name, value in columns.items()}
    table["amount"] = pa.array([Decimal(5)], pa.decimal256(50, 2))
    pq.write_table(pa.table(table), folder / "deals.parquet")


def half_a_parquet(folder: Path) -> None:
    wide_parquet(folder)
    file = folder / "deals.parquet"
    os.truncate(file, file.stat().st_size - 20)
