"""Files of every type, encoding and language are read the same, with the line numbers of the file."""

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from files_support import DEAL_HEADER, Deliver, Home, deal, deals_csv, validate_delivery

from connectors.common.problems import DeliveryRejected
from connectors.files.readers.workbook_cells import number_text
from connectors.files.templates import TEMPLATES

CHINESE_HEADER = "订单编号,客户编号,负责人编号,金额,币种,签约时间,状态,产品"


def samples(folder: Path, **options: Any) -> list[tuple[str, int, str, str | None]]:
    report = validate_delivery(folder, **options)
    return [(group.reason, s.line, s.field, s.value) for group in report.quarantine for s in group.samples]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_are_detected(deliver: Deliver, encoding: str):
    text = f"{CHINESE_HEADER}\nD1,客户甲,张三,坏金额,CNY,2026-10-01,signed,产品𠀀\n"
    folder = deliver({"deals.csv": text.encode(encoding)})
    assert samples(folder) == [("wrong_type", 2, "amount", "坏金额")]


def test_chinese_and_english_headers_mix_in_any_case_and_width(deliver: Deliver):
    header = "Deal ID,客户编号,OWNER_EMPLOYEE_ID*,金额, currency ,Signed-At,ＳＴＡＴＵＳ"
    report = validate_delivery(deliver({"Deals.CSV": f"{header}\n{deal()}\n"}))
    assert (report.accepted, report.quarantined) == (1, 0)


def test_the_alias_row_below_an_english_header_is_no_data(deliver: Deliver):
    alias = "订单编号,客户编号,负责人编号,金额,币种,签约时间,状态"
    report = validate_delivery(deliver({"deals.csv": deals_csv(alias, deal("D1"), deal("D2"))}))
    assert (report.rows_in, report.accepted) == (2, 2)


def test_a_row_that_only_looks_a_little_like_aliases_is_data(deliver: Deliver):
    folder = deliver({"deals.csv": deals_csv("订单编号,C1,E1,1,CNY,2026-10-01,signed")})
    assert validate_delivery(folder).accepted == 1


def test_a_second_header_that_names_other_columns_is_refused(deliver: Deliver):
    """Two columns swapped between the rows: one of the rows is wrong, and nobody knows which."""
    spelled = TEMPLATES["source_users"].by_name
    alias = ",".join(spelled[name].zh for name in ("source", "employee_id", "source_user_id"))
    folder = deliver({"source_users.csv": f"source,source_user_id,employee_id\n{alias}\nfiles,u1,E1\n"})
    with pytest.raises(DeliveryRejected, match="'source_user_id' stands above") as found:
        validate_delivery(folder)
    assert "source_users.csv:2" in str(found.value)


def test_lines_are_physical_lines_also_with_line_breaks_inside_quotes_and_blank_lines(deliver: Deliver):
    text = f'\n{DEAL_HEADER},product\n{deal("D1")},"two\nlines"\n\n{deal("D2", amount="bad")},x\n'
    assert samples(deliver({"deals.csv": text})) == [("wrong_type", 6, "amount", "bad")]


def test_semicolons_and_tabs_are_read(deliver: Deliver):
    for mark in ";\t":
        assert validate_delivery(deliver({"deals.csv": deals_csv(deal()).replace(",", mark)})).accepted == 1


def test_a_record_with_too_many_or_too_few_fields_is_set_aside(deliver: Deliver):
    folder = deliver({"deals.csv": deals_csv(deal("D1") + ",surplus", "D2,C1", deal("D3"))})
    report = validate_delivery(folder)
    assert (report.rows_in, report.accepted, report.quarantined) == (3, 1, 2)
    assert [(g.reason, [s.line for s in g.samples]) for g in report.quarantine] == [
        ("wrong_field_count", [2, 3])
    ]


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: list[Any], name: str = "deals.xlsx", sheet: str = "Sheet1") -> Path:
        folder = tmp_path / "workbook"
        folder.mkdir()
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.title = sheet
        for row in rows:
            book.active.append(row)
        book.save(folder / name)
        return folder

    return write


def test_workbook_cells_are_typed(workbook: Callable[..., Path]):
    header = [*DEAL_HEADER.split(","), "备注"]
    folder = workbook(
        header,
        ["D1", 1001, "E1", 1234.1, "CNY", dt.datetime(2026, 10, 1, 9, 30), "signed", None],  # noqa: DTZ001
        ["D2", 1001.0, "E1", 7, "CNY", dt.date(2026, 10, 2), "signed", True],
        [None] * 8,
        ["D3", "C1", "E1", 0.125, "CNY", dt.date(2026, 10, 2), "signed"],
    )
    assert samples(folder) == [("too_precise", 5, "amount", "0.125")]
    assert validate_delivery(folder).accepted == 2


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("1234.1", "1234.1"),
        ("1001.0", "1001"),
        ("12", "12"),
        ("1E300", "1e+300"),
        ("57.699999999999996", "57.7"),
        ("300.29999999999995", "300.3"),
        ("1234567.8900000001", "1234567.89"),
        ("864.192", "864.192"),
        ("0.30000000000000004", "0.3"),
        ("-0.1", "-0.1"),
        ("123456789012345678", "123456789012345678"),  # a program wrote all digits of an id
        (
            "1234567890123450",
            "1.23456789012345e+15",
        ),  # a spreadsheet keeps 15 digits and puts zeros behind them
        ("9.1440300123456704E+17", "9.14403001234567e+17"),  # a spreadsheet no longer knows them
    ],
)
def test_a_number_is_what_its_15_digits_say(stored: str, shown: str):
    assert number_text(stored) == shown


def test_the_sheet_named_like_the_entity_is_preferred(tmp_path: Path):
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["notes"])
    sheet = book.create_sheet("Deals")
    sheet.append(DEAL_HEADER.split(","))
    sheet.append(deal().split(","))
    book.save(tmp_path / "deals.xlsx")
    assert validate_delivery(tmp_path).accepted == 1


def test_parquet_types_are_read_exactly(tmp_path: Path):
    shanghai = dt.datetime(2026, 10, 1, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    table = pa.table(
        {
            "deal_id": [1, 2, 3],
            "customer_id": pa.array([7.0, 8.0, None]),
            "owner_employee_id": ["E1", "E2", "E3"],
            "amount": pa.array([Decimal("1.10"), Decimal("-2.00"), Decimal("3.00")]),
            "currency": pa.array(["CNY"] * 3).dictionary_encode(),
            "units": pa.array([1.5, float("nan"), 2.0]),
            "signed_at": pa.array([shanghai] * 3, pa.timestamp("ns", tz="Asia/Shanghai")),
            "status": ["signed"] * 3,
            "tags": [["a"], [], None],
        }
    )
    pq.write_table(table, tmp_path / "deals.parquet")
    assert samples(tmp_path) == [
        ("missing_required", 3, "customer_id", None),
        ("out_of_range", 2, "amount", "-2.00"),
    ]


def test_a_file_with_a_header_only_has_no_rows(deliver: Deliver):
    report = validate_delivery(deliver({"deals.csv": DEAL_HEADER}))
    assert (report.rows_in, report.accepted, report.quarantined) == (0, 0, 0)


def test_columns_without_a_name_or_with_the_same_one_are_kept(home: Home, deliver: Deliver):
    text = f"{DEAL_HEADER},memo,Memo,memo,\n{deal()},a,b,c,d\n"
    home.load(deliver({"deals.csv": text}))
    ((extra,),) = home.query("select extra from raw_files.deals")
    assert json.loads(extra) == {"memo": "a", "Memo": "b", "memo (2)": "c", "column 11": "d"}
