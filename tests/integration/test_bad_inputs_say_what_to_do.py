"""Bad inputs, each with the sentence it gets: what is wrong, where, what is expected, what to do; never a stack trace.

The sentences stand in ``bad_inputs.yml``. Every input is checked by ``incentives import --check`` in this process. Exit
status 2: the input or the usage cannot be understood; 1: the delivery, or every row of a file, was refused.
"""

from __future__ import annotations

import os
import socket
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from connectors.common.yaml_document import load_yaml
from orchestration.cli.app import main

HEADER = "deal_id,customer_id,owner_employee_id,amount,currency,signed_at,status\n"
GOOD = f"{HEADER}D1,C1,E1,5.00,CNY,2026-01-05,signed\n"
MAPPING = """\
mapping: sales
sources: {s: {file: sales.csv}}
templates:
  - template: deals
    from: s
    columns: {deal_id: No, customer_id: Client, owner_employee_id: Rep, amount: Amount, currency: {constant: CNY},
              signed_at: Date, status: {constant: signed}}
"""
SALES = "No,Client,Rep,Amount,Date\nD1,C1,E1,5.00,2026-01-05\n"


ADJUSTMENT = """\
adjustment_id,employee_id,period,amount,currency,reason,author,approver
A1,E1,2026-01,5,CNY,why,B1,b1
"""
EMPLOYEE = """\
employee_id,name,department,hire_date,termination_date
E1,Ann,sales,2026-01-02,2026-01-01
"""


@dataclass(frozen=True)
class Bad:
    """A bad input: how it is made, the exit status, further options."""

    make: Callable[[Path], object]
    status: int
    options: tuple[str, ...] = ()


SENTENCES: dict[str, list[str]] = load_yaml(Path(__file__).with_name("bad_inputs.yml")).data


def _file(name: str, content: str | bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(
        content.encode() if isinstance(content, str) else content
    )


def _deal(column: str, value: str) -> Callable[[Path], object]:
    """One deal with one bad value."""
    names = HEADER.strip().split(",")
    values = ["D1", "C1", "E1", "5.00", "CNY", "2026-01-05", "signed"]
    values[names.index(column)] = value
    return _file("deals.csv", HEADER + ",".join(values) + "\n")


def _mapped(mapping: str, sales: str = SALES) -> Callable[[Path], object]:
    def make(folder: Path) -> None:
        (folder.parent / "mapping.yml").write_text(mapping, encoding="utf-8")
        (folder / "sales.csv").write_text(sales, encoding="utf-8")

    return make


def _mapping_folder(folder: Path) -> None:
    _file("sales.csv", SALES)(folder)
    (folder.parent / "mapping.yml").mkdir()


def _mapping_pipe(folder: Path) -> None:
    _file("sales.csv", SALES)(folder)
    os.mkfifo(folder.parent / "mapping.yml")


def _socket(folder: Path) -> None:
    here = Path.cwd()
    os.chdir(folder)  # the path of a socket may have 108 characters
    try:
        socket.socket(socket.AF_UNIX).bind("deals.csv")
    finally:
        os.chdir(here)


def _link_out(folder: Path) -> None:
    _file("elsewhere.csv", GOOD)(folder.parent)
    (folder / "deals.csv").symlink_to("../elsewhere.csv")


def _folder_inside(folder: Path) -> None:
    _file("deals.csv", GOOD)(folder)
    (folder / "older").mkdir()


def _both(folder: Path) -> None:
    _file("deals.csv", GOOD)(folder)
    _file("deals.xlsx", GOOD)(folder)


def _zip_bomb(folder: Path) -> None:
    with zipfile.ZipFile(folder / "deals.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", b" " * 200_000_000)


def _workbook(
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


def _half_a_workbook(folder: Path) -> None:
    _workbook(lambda sheet: sheet.name)(folder)
    file = folder / "deals.xlsx"
    os.truncate(file, file.stat().st_size // 2)


def _parquet(folder: Path) -> None:
    names = HEADER.strip().split(",")
    columns = dict(zip(names, GOOD.splitlines()[1].split(","), strict=True))
    table = {name: pa.array([value]) for name, value in columns.items()}
    table["amount"] = pa.array([Decimal(5)], pa.decimal256(50, 2))
    pq.write_table(pa.table(table), folder / "deals.parquet")


def _half_a_parquet(folder: Path) -> None:
    _parquet(folder)
    file = folder / "deals.parquet"
    os.truncate(file, file.stat().st_size - 20)


ALIASES = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefg", "bcdefgh", strict=True)
)

MAPPED = ("--mapping", "mapping.yml")
BAD: dict[str, Bad] = {
    "pipe": Bad(lambda folder: os.mkfifo(folder / "deals.csv"), 2),
    "socket": Bad(_socket, 2),
    "link to a device": Bad(lambda folder: (folder / "deals.csv").symlink_to("/dev/zero"), 2),
    "link out of the folder": Bad(_link_out, 2),
    "link to nothing": Bad(lambda folder: (folder / "deals.csv").symlink_to("gone.csv"), 2),
    "link to itself": Bad(lambda folder: (folder / "deals.csv").symlink_to("deals.csv"), 2),
    "folder in the folder": Bad(_folder_inside, 2),
    "empty folder": Bad(lambda folder: folder, 2),
    "no folder": Bad(lambda folder: folder.rmdir(), 2),
    "unknown name": Bad(_file("dealz.csv", GOOD), 2),
    "name with an escape sequence": Bad(_file("de\x1b[2Jals.csv", GOOD), 2),
    "two files of one template": Bad(_both, 2),
    "wrong kind of file": Bad(_file("deals.pdf", GOOD), 1),
    "workbook of the old kind": Bad(_file("deals.xls", GOOD), 1),
    "empty file": Bad(_file("deals.csv", ""), 2),
    "missing column": Bad(_file("deals.csv", GOOD.replace("amount", "ammount")), 1),
    "column in ten thousands": Bad(_file("deals.csv", GOOD.replace("amount", "金额（万元）")), 1),
    "column twice": Bad(_file("deals.csv", GOOD.replace("customer_id", "amount")), 1),
    "NUL bytes": Bad(_file("deals.csv", GOOD + "a\x00b"), 1),
    "Windows-1252": Bad(
        _file("customers.csv", "customer_id,name,created_at\nC1,Müller,2026-01-01\n".encode("cp1252")), 1
    ),
    "UTF-16 without a mark": Bad(_file("deals.csv", GOOD.encode("utf-16-le")), 1),
    "unknown encoding": Bad(_file("deals.csv", GOOD), 2, ("--encoding", "klingon")),
    "open quote": Bad(_file("deals.csv", GOOD + '"open'), 1),
    "half a workbook": Bad(_half_a_workbook, 1),
    "zip bomb": Bad(_zip_bomb, 1),
    "workbook called csv": Bad(_file("deals.csv", b"PK\x03\x04 nonsense"), 1),
    "formula without a result": Bad(
        _workbook(lambda sheet: sheet.write_formula(1, 3, "=4000*2", value="")), 1
    ),
    "identifier rounded by a spreadsheet": Bad(_deal("deal_id", "9.13E+17"), 1),
    "half a Parquet file": Bad(_half_a_parquet, 1),
    "Parquet with wide decimals": Bad(_parquet, 1),
    "too few fields": Bad(_file("deals.csv", f"{HEADER}D1,C1,E1\n"), 1),
    "nothing in a required column": Bad(_deal("amount", ""), 1),
    "amount with a currency sign": Bad(_deal("amount", "¥5"), 1),
    "amount with three decimals": Bad(_deal("amount", "5.001"), 1),
    "amount nobody believes": Bad(_deal("amount", "99999999999999.00"), 1),
    "currency that is a word": Bad(_deal("currency", "taler"), 1),
    "30 February": Bad(_deal("signed_at", "2026-02-30"), 1),
    "a date in 2126": Bad(_deal("signed_at", "2126-05-20"), 1),
    "an offset of 14:30": Bad(_deal("signed_at", "2026-01-05T10:00:00+14:30"), 1),
    "unknown status": Bad(_deal("status", "sold"), 1),
    "two rows with one key": Bad(
        _file("deals.csv", GOOD + GOOD.splitlines()[1].replace("5.00", "6.00") + "\n"), 1
    ),
    "a period of month 13": Bad(
        _file("targets.csv", "employee_id,kpi_id,period,target\nE1,sales,2026-13,5\n"), 1
    ),
    "author is approver": Bad(_file("adjustments.csv", ADJUSTMENT), 1),
    "end before the beginning": Bad(_file("employees.csv", EMPLOYEE), 1),
    "mapping that is a folder": Bad(_mapping_folder, 2, MAPPED),
    "mapping that is a pipe": Bad(_mapping_pipe, 2, MAPPED),
    "mapping full of aliases": Bad(_mapped(ALIASES + MAPPING), 2, MAPPED),
    "mapping that contains itself": Bad(_mapped("mapping: &m [*m]\n"), 2, MAPPED),
    "mapping that is too deep": Bad(_mapped("mapping: " + "[" * 300 + "]" * 300 + "\n"), 2, MAPPED),
    "mapping that is no YAML": Bad(_mapped("mapping: [\n"), 2, MAPPED),
    "mapping with a key twice": Bad(_mapped(MAPPING + "mapping: again\n"), 2, MAPPED),
    "mapping with an unknown key": Bad(_mapped(MAPPING.replace("from: s", "form: s")), 2, MAPPED),
    "mapping of a column that is not there": Bad(_mapped(MAPPING.replace("Amount", "Amuont")), 2, MAPPED),
    "mapping of a file that is not there": Bad(_mapped(MAPPING.replace("sales.csv", "sale.csv")), 2, MAPPED),
}


def test_there_are_at_least_forty() -> None:
    assert len(BAD) >= 40
    assert BAD.keys() == SENTENCES.keys()


@pytest.mark.parametrize("name", BAD)
def test_a_bad_input_gets_a_sentence(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INCENTIVES_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("INCENTIVES_PLANS", raising=False)
    bad, words = BAD[name], SENTENCES[name]
    folder = tmp_path / "delivery"
    folder.mkdir()
    bad.make(folder)
    options = [str(tmp_path / word) if word.endswith(".yml") else word for word in bad.options]
    started = datetime.now(UTC)
    with pytest.raises(SystemExit) as ended:
        main(["import", str(folder), "--check", *options])
    captured = capsys.readouterr()
    said = " ".join((captured.out + captured.err).split())
    assert ended.value.code == bad.status, said
    assert "Traceback" not in said
    assert "\x1b" not in said
    assert (datetime.now(UTC) - started).seconds < 60
    assert [word for word in words if word not in said] == [], said
