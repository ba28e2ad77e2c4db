"""Units that a header or a title says: read as they stand, amounts would be other amounts."""

from decimal import Decimal

import pytest
from files_support import Deliver, Home, validate_delivery
from mapping_support import deals_mapping, rows
from workbooks import workbook

from connectors.common.problems import DeliveryRejected, MappingProblem
from connectors.files.units import scale_of_header, scale_of_titles

HEADER = ["deal_id", "customer_id", "owner_employee_id", "amount", "currency", "signed_at", "status"]
DEAL = ["D1", "C1", "E1", 12.5, "CNY", "2026-01-05", "signed"]
SALES = "No,{header}\n1,12.5\n"


@pytest.mark.parametrize(
    ("header", "factor"),
    [
        ("金额（万元）", "10000"), ("金额(元)", "1"), ("合同金额【百万元】", "1000000"), ("金额/万元", "10000"),
        ("金额（单位：千元）", "1000"), ("金额（人民币万元）", "10000"), ("Amount (k€)", "1000"),
        ("Umsatz in TEUR", "1000"),
        ("Amount (in thousands)", "1000"), ("Value (USD thousands)", "1000"), ("Amount ('000)", "1000"),
        ("Revenue ($M)", "1000000"), ("amount_cents", "0.01"), ("Amount (EUR)", None), ("数量（个）", None),
        ("Amount (EUR, net)", None), ("Cost in use", None),
    ],
)  # fmt: skip
def test_the_unit_of_a_header(header: str, factor: str | None) -> None:
    found = scale_of_header(header)
    assert (None if found is None else found.factor) == (None if factor is None else Decimal(factor))


@pytest.mark.parametrize(
    ("title", "factor"),
    [
        ("导出时间：2026-04-01  单位：万元", "10000"), ("金额单位: 人民币千元", "1000"), ("单位：元", "1"),
        ("Amounts in thousands of EUR", "1000"), ("All figures in k EUR", "1000"), ("values in €k", "1000"),
        ("Deals closed in March", None), ("2026年1-3月 订单明细表", None),
    ],
)  # fmt: skip
def test_the_unit_of_a_title(title: str, factor: str | None) -> None:
    found = scale_of_titles(["2026", title])
    assert (None if found is None else found.factor) == (None if factor is None else Decimal(factor))


def test_a_template_under_a_title_with_a_unit_is_refused(home: Home, deliver: Deliver) -> None:
    folder = deliver({"deals.xlsx": workbook([["订单", None, "单位：万元"], HEADER, DEAL])})
    with pytest.raises(
        DeliveryRejected, match="a row above the header says that amounts are in '万元'"
    ) as caught:
        home.load(folder)
    assert "factor: 10000" in caught.value.hint


def test_a_unit_that_stands_below_the_rows_is_refused(deliver: Deliver) -> None:
    folder = deliver({"deals.xlsx": workbook([HEADER, DEAL, ["单位：万元"]])})
    with pytest.raises(DeliveryRejected, match="a row below the data says that amounts are in '万元'"):
        validate_delivery(folder)


def test_a_title_in_yuan_changes_nothing(home: Home, deliver: Deliver) -> None:
    folder = deliver({"deals.xlsx": workbook([["单位：元"], HEADER, DEAL])})
    assert home.load(folder).accepted == 1


@pytest.mark.parametrize("header", ["Amount (in thousands)", "金额（万元）"])
def test_a_mapping_has_to_say_something_about_the_unit(deliver: Deliver, header: str) -> None:
    folder = deliver({"sales.csv": SALES.format(header=header)})
    with pytest.raises(MappingProblem, match="and the mapping says nothing about it"):
        rows(folder, deals_mapping(header), "amount")
    said = deals_mapping(f"{{column: {header}, number: {{factor: 1000}}}}")
    assert rows(folder, said, "amount") == [(Decimal("12500.00"),)]
    below = deliver({"sales.csv": "No,Value\n1,12.5\n单位：万元,\n"})
    with pytest.raises(MappingProblem, match="and the mapping says nothing about it"):
        rows(below, deals_mapping("Value"), "amount")
    plain = deals_mapping(f"{{column: {header}, number: {{factor: 1}}}}")
    assert rows(folder, plain, "amount") == [(Decimal("12.50"),)]
