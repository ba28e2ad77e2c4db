"""1.500 alone is read by nobody: it may be fifteen hundred; other values of its column show what the point is."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from files_support import Deliver, validate_delivery
from mapping_support import deals_mapping, rows, set_aside

from connectors.files.report import QuarantineGroup
from connectors.files.validation.reasons import advice

HEADER = ("deal_id", "customer_id", "owner_employee_id", "amount", "currency", "signed_at", "status")


def _deals(*amounts: object) -> list[tuple[object, ...]]:
    return [
        (f"D{at}", "C1", "E1", amount, "EUR", "2026-01-05", "signed") for at, amount in enumerate(amounts)
    ]


def _csv(*amounts: str) -> dict[str, str]:
    lines = [";".join(HEADER), *(";".join(map(str, row)) for row in _deals(*amounts))]
    return {"deals.csv": "\n".join(lines) + "\n"}


def _unclear(groups: list[QuarantineGroup]) -> list[str | None]:
    return [one.value for group in groups for one in group.samples if group.reason == "ambiguous_number"]


@pytest.mark.parametrize(
    ("amounts", "unclear"),
    [
        (["1.500", "750"], ["1.500"]),
        (["1.500", "12.000", "2.500,50"], ["1.500", "12.000"]),
        (["1.500", "12.5"], []),  # a decimal point
        (["1.500", "1234.500"], []),
        (["1.500", "0.250"], []),
        (["1234.50", "12.345"], []),  # too_precise
    ],
)
def test_a_point_before_three_digits_is_set_aside_unless_another_value_shows_what_it_is(
    deliver: Deliver, amounts: list[str], unclear: list[str]
) -> None:
    report = validate_delivery(deliver(_csv(*amounts)))
    assert _unclear(report.quarantine) == unclear
    if unclear:
        [group] = [one for one in report.quarantine if one.reason == "ambiguous_number"]
        assert "number: {}" in advice(group.reason)


def test_targets_and_counts_are_guarded_too(deliver: Deliver) -> None:
    targets = "employee_id;kpi_id;period;target\nE1;sales_amount;2026-01;80.000\n"
    days = "platform;campaign_id;date;clicks\np;c;2026-01-05;12.000\n"
    report = validate_delivery(deliver({"targets.csv": targets, "ad_daily.csv": days}))
    assert sorted(map(str, _unclear(report.quarantine))) == ["12.000", "80.000"]


def test_number_cells_and_typed_columns_are_what_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    with xlsxwriter.Workbook(folder / "deals.xlsx") as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([HEADER, *_deals(1500, 12, "2.500")]):
            sheet.write_row(line, 0, row)
    assert _unclear(validate_delivery(folder).quarantine) == ["2.500"]
    (folder / "deals.xlsx").unlink()
    columns = dict(zip(HEADER, map(list, zip(*_deals("1.500", "12.000"), strict=True)), strict=True))
    columns["amount"] = pa.array(columns["amount"]).cast(pa.decimal128(18, 3))
    pq.write_table(pa.table(columns), folder / "deals.parquet")
    assert validate_delivery(folder).accepted == 2


@pytest.mark.parametrize(
    ("amount", "read"),
    [
        ("{column: Amount, number: {}}", "1.50"),
        ('{column: Amount, number: {decimal: ",", thousands: "."}}', "1500.00"),
    ],
)
def test_a_mapping_says_what_is_meant(deliver: Deliver, amount: str, read: str) -> None:
    folder = deliver({"sales.csv": "No;Amount\nS1;1.500\n"})
    assert rows(folder, deals_mapping(amount), "amount::varchar") == [(read,)]
    assert [row[-1] for row in set_aside(folder, deals_mapping())] == ["ambiguous_number"]
