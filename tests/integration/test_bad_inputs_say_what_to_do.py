"""Bad inputs, each with the sentence it gets: what is wrong, where, what is expected, what to do; never a stack trace.

The sentences stand in ``bad_inputs.yml``. Every input is checked by ``incentives import --check`` in this process. Exit
status 2: the input or the usage cannot be understood; 1: the delivery, or every row of a file, was refused.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.common.yaml_document import load_yaml
from orchestration.cli.app import main
from tests.support.bad_files import (
    GOOD,
    HEADER,
    a_file_for_the_folder,
    a_socket,
    deal_with,
    empty_workbook,
    file_of,
    folder_inside,
    half_a_parquet,
    half_a_workbook,
    link_out,
    mapped,
    mapped_bytes,
    mapping_folder,
    mapping_pipe,
    two_files,
    wide_parquet,
    workbook_with,
    zip_bomb,
)

MAPPING = """\
mapping: sales
sources: {s: {file: sales.csv}}
templates:
  - template: deals
    from: s
    columns: {deal_id: No, customer_id: Client, owner_employee_id: Rep, amount: Amount, currency: {constant: CNY},
              signed_at: Date, status: {constant: signed}}
"""
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


ALIASES = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefg", "bcdefgh", strict=True)
)

MAPPED = ("--mapping", "mapping.yml")
BAD: dict[str, Bad] = {
    "pipe": Bad(lambda folder: os.mkfifo(folder / "deals.csv"), 2),
    "socket": Bad(a_socket, 2),
    "link to a device": Bad(lambda folder: (folder / "deals.csv").symlink_to("/dev/zero"), 2),
    "link out of the folder": Bad(link_out, 2),
    "link to nothing": Bad(lambda folder: (folder / "deals.csv").symlink_to("gone.csv"), 2),
    "link to itself": Bad(lambda folder: (folder / "deals.csv").symlink_to("deals.csv"), 2),
    "folder in the folder": Bad(folder_inside, 2),
    "empty folder": Bad(lambda folder: folder, 2),
    "no folder": Bad(lambda folder: folder.rmdir(), 2),
    "unknown name": Bad(file_of("dealz.csv", GOOD), 2),
    "name with an escape sequence": Bad(file_of("de\x1b[2Jals.csv", GOOD), 2),
    "two files of one template": Bad(two_files, 2),
    "wrong kind of file": Bad(file_of("deals.pdf", GOOD), 1),
    "workbook of the old kind": Bad(file_of("deals.xls", GOOD), 1),
    "empty file": Bad(file_of("deals.csv", ""), 2),
    "missing column": Bad(file_of("deals.csv", GOOD.replace("amount", "ammount")), 1),
    "column in ten thousands": Bad(file_of("deals.csv", GOOD.replace("amount", "金额（万元）")), 1),
    "column twice": Bad(file_of("deals.csv", GOOD.replace("customer_id", "amount")), 1),
    "NUL bytes": Bad(file_of("deals.csv", GOOD + "a\x00b"), 1),
    "Windows-1252": Bad(
        file_of("customers.csv", "customer_id,name,created_at\nC1,Müller,2026-01-01\n".encode("cp1252")), 1
    ),
    "UTF-16 without a mark": Bad(file_of("deals.csv", GOOD.encode("utf-16-le")), 1),
    "unknown encoding": Bad(file_of("deals.csv", GOOD), 2, ("--encoding", "klingon")),
    "open quote": Bad(file_of("deals.csv", GOOD + '"open'), 1),
    "half a workbook": Bad(half_a_workbook, 1),
    "zip bomb": Bad(zip_bomb, 1),
    "workbook called csv": Bad(file_of("deals.csv", b"PK\x03\x04 nonsense"), 1),
    "formula without a result": Bad(
        workbook_with(lambda sheet: sheet.write_formula(1, 3, "=4000*2", value="")), 1
    ),
    "identifier rounded by a spreadsheet": Bad(deal_with("deal_id", "9.13E+17"), 1),
    "half a Parquet file": Bad(half_a_parquet, 1),
    "Parquet with wide decimals": Bad(wide_parquet, 1),
    "too few fields": Bad(file_of("deals.csv", f"{HEADER}D1,C1,E1\n"), 1),
    "nothing in a required column": Bad(deal_with("amount", ""), 1),
    "amount with a currency sign": Bad(deal_with("amount", "¥5"), 1),
    "amount with three decimals": Bad(deal_with("amount", "5.001"), 1),
    "amount nobody believes": Bad(deal_with("amount", "99999999999999.00"), 1),
    "currency that is a word": Bad(deal_with("currency", "taler"), 1),
    "30 February": Bad(deal_with("signed_at", "2026-02-30"), 1),
    "a date in 2126": Bad(deal_with("signed_at", "2126-05-20"), 1),
    "an offset of 14:30": Bad(deal_with("signed_at", "2026-01-05T10:00:00+14:30"), 1),
    "unknown status": Bad(deal_with("status", "sold"), 1),
    "two rows with one key": Bad(
        file_of("deals.csv", GOOD + GOOD.splitlines()[1].replace("5.00", "6.00") + "\n"), 1
    ),
    "a period of month 13": Bad(
        file_of("targets.csv", "employee_id,kpi_id,period,target\nE1,sales,2026-13,5\n"), 1
    ),
    "author is approver": Bad(file_of("adjustments.csv", ADJUSTMENT), 1),
    "end before the beginning": Bad(file_of("employees.csv", EMPLOYEE), 1),
    "mapping that is a folder": Bad(mapping_folder, 2, MAPPED),
    "mapping that is a pipe": Bad(mapping_pipe, 2, MAPPED),
    "mapping full of aliases": Bad(mapped(ALIASES + MAPPING), 2, MAPPED),
    "mapping that contains itself": Bad(mapped("mapping: &m [*m]\n"), 2, MAPPED),
    "mapping that is too deep": Bad(mapped("mapping: " + "[" * 300 + "]" * 300 + "\n"), 2, MAPPED),
    "mapping that is no YAML": Bad(mapped("mapping: [\n"), 2, MAPPED),
    "mapping with a key twice": Bad(mapped(MAPPING + "mapping: again\n"), 2, MAPPED),
    "mapping with an unknown key": Bad(mapped(MAPPING.replace("from: s", "form: s")), 2, MAPPED),
    "mapping of a column that is not there": Bad(mapped(MAPPING.replace("Amount", "Amuont")), 2, MAPPED),
    "mapping of a file that is not there": Bad(mapped(MAPPING.replace("sales.csv", "sale.csv")), 2, MAPPED),
    "a file in place of the folder": Bad(a_file_for_the_folder, 2),
    "JSON called csv": Bad(file_of("deals.csv", '[{"deal_id": "D1"}]'), 1),
    "web page called csv": Bad(file_of("deals.csv", "<html><table></table></html>"), 1),
    "workbook without a row": Bad(empty_workbook, 2),
    "header only of spaces": Bad(file_of("deals.csv", " , , \n"), 2),
    "line without an end": Bad(file_of("deals.csv", GOOD + "D2," + "x" * 200_000), 1),
    "Big5": Bad(
        file_of("customers.csv", "customer_id,name,created_at\nC1,臺灣積體電路,2026-01-01\n".encode("big5")),
        1,
    ),
    "name read in a wrong encoding": Bad(
        file_of("customers.csv", "customer_id,name,created_at\nC1,MÃ¼ller,2026-01-01\n"), 1
    ),
    "unit below the rows": Bad(file_of("deals.csv", GOOD + "单位：万元\n"), 1),
    "unit of an optional amount": Bad(
        file_of(
            "employees.csv", "employee_id,name,department,hire_date,bonus_base (k)\nE1,A,sales,2026-01-02,5\n"
        ),
        1,
    ),
    "identifier that became a date": Bad(deal_with("deal_id", "2026-03-01 00:00:00"), 1),
    "amount with a thousands separator": Bad(deal_with("amount", '"1,234.56"'), 1),
    "amount in full width": Bad(deal_with("amount", "１２３４"), 1),
    "amount in ten thousands": Bad(deal_with("amount", "1.2万"), 1),
    "amount that is no number": Bad(deal_with("amount", "NaN"), 1),
    "day as a number": Bad(deal_with("signed_at", "46027"), 1),
    "day in Chinese": Bad(deal_with("signed_at", "2026年3月1日"), 1),
    "hour 25": Bad(deal_with("signed_at", "2026-01-05T25:00:00"), 1),
    "the year 1": Bad(deal_with("signed_at", "0001-01-01"), 1),
    "mapping that is a list": Bad(mapped("- mapping\n"), 2, MAPPED),
    "mapping that is empty": Bad(mapped(""), 2, MAPPED),
    "mapping in another encoding": Bad(mapped_bytes("mapping: Müller\n".encode("latin-1")), 2, MAPPED),
    "mapping that is not there": Bad(file_of("deals.csv", GOOD), 2, MAPPED),
    "mapping without templates": Bad(mapped("mapping: a\nsources: {s: {file: sales.csv}}\n"), 2, MAPPED),
    "mapping to an unknown template": Bad(
        mapped(MAPPING.replace("template: deals", "template: dealz")), 2, MAPPED
    ),
    "mapping to an unknown column": Bad(
        mapped(MAPPING.replace("amount: Amount", "amuont: Amount")), 2, MAPPED
    ),
    "mapping of a format without a year": Bad(
        mapped(MAPPING.replace("signed_at: Date", "signed_at: {column: Date, date_format: '%d.%m.'}")),
        2,
        MAPPED,
    ),
    "mapping of a zone as text": Bad(
        mapped(
            MAPPING.replace("signed_at: Date", "signed_at: {column: Date, date_format: '%Y-%m-%dT%H:%M:%SZ'}")
        ),
        2,
        MAPPED,
    ),
    "mapping of an unknown source": Bad(mapped(MAPPING.replace("from: s", "from: t")), 2, MAPPED),
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
