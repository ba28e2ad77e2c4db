"""Every boundary of the rules of credit and pay, computed by the SQL of the pipeline.

Belongs here: boundaries that the reference's tests lack, checked on both sides, and the reference's own
boundary tests with the pipeline in place of the reference. Does not belong here: random companies
(``tests/property``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from tests.reference import test_reference_boundaries as boundaries
from tests.reference.builders import (
    CLOSING,
    SALES_RATES,
    Builder,
    amounts,
    commission,
    lines_of,
    plan,
    tabled,
)
from tests.reference.calculate import Marts, calculate
from tests.reference.company import Company
from tests.reference.test_reference_boundaries import (
    test_abnormal_is_signed_within_30_days_without_work,
    test_guarantee_is_not_recovered_and_covers_no_clawback,
    test_near_certain_needs_more_than_30_days,
    test_protection_includes_its_first_and_last_day,
    test_quota_is_ramped_and_prorated,
    test_quota_zero_or_missing_pays_the_first_rate,
    test_refund_larger_than_what_is_left_is_clamped,
    test_refund_of_a_capped_deal_takes_back_what_was_paid_only,
    test_two_marketers_three_closers_and_one_fen,
)
from tests.support.pipeline import pipeline

__all__ = [
    "test_abnormal_is_signed_within_30_days_without_work",
    "test_guarantee_is_not_recovered_and_covers_no_clawback",
    "test_near_certain_needs_more_than_30_days",
    "test_protection_includes_its_first_and_last_day",
    "test_quota_is_ramped_and_prorated",
    "test_quota_zero_or_missing_pays_the_first_rate",
    "test_refund_larger_than_what_is_left_is_clamped",
    "test_refund_of_a_capped_deal_takes_back_what_was_paid_only",
    "test_two_marketers_three_closers_and_one_fen",
]
D = Decimal
Compute = Callable[[Company], Marts]


@pytest.fixture(autouse=True)
def _pipeline_in_place_of_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundaries, "calculate", pipeline)


@pytest.fixture(params=[calculate, pipeline], ids=["reference", "pipeline"])
def compute(request: pytest.FixtureRequest) -> Compute:
    """Either side."""
    found: Compute = request.param
    return found


@pytest.mark.parametrize(
    ("amount", "earned"), [("1000.00", "10.00"), ("1000.50", "10.01"), ("3000.00", "50.00")]
)
def test_exactly_on_a_tier_bound(compute: Compute, amount: str, earned: str) -> None:
    b = Builder(plan(tabled("month")))
    b.deal(b.employee("S1"), amount, "2026-03-02")
    assert amounts(compute(b.company), component="closing") == [D(earned)]


@pytest.mark.parametrize(("value", "rate"), [("119999.99", "0.10"), ("120000", "0.15"), ("130000", "0.20")])
def test_growth_exactly_20_percent(compute: Compute, value: str, rate: str) -> None:
    b = Builder(plan(CLOSING, {"type": "growth_bonus"}), as_of="2026-04-30T23:00")
    seller = b.employee("S1")
    for day, amount in (("2026-01-05", "90000"), ("2026-02-05", "100000"), ("2026-03-05", "110000")):
        b.deal(seller, amount, day)
    b.deal(seller, value, "2026-04-05")
    (line,) = lines_of(compute(b.company), component="growth_bonus", period="2026-04")
    assert line["rate"] == D(rate)


def test_zero_baseline_pays_the_base_rate(compute: Compute) -> None:
    """Employed for three months without a deal: growth is NULL, the base rate holds."""
    b = Builder(plan(CLOSING, {"type": "growth_bonus"}), as_of="2026-04-30T23:00")
    b.activity(b.employee("S1"), b.customer(), "2026-01-05")
    b.deal("S1", "1000", "2026-04-05")
    marts = compute(b.company)
    assert [row["growth"] for row in marts["fct_growth"] if row["period"] == "2026-04"] == [None]
    assert amounts(marts, component="growth_bonus") == [D("5.00")]


def test_a_month_ends_at_midnight_in_shanghai(compute: Compute) -> None:
    b = Builder(plan(CLOSING), as_of="2026-02-28T23:00")
    seller = b.employee("S1")
    b.deal(seller, "100", "2026-01-31T23:59:59", deal_id="D1")
    b.deal(seller, "100", "2026-02-01T00:00:00", deal_id="D2")
    periods = {row["deal_id"]: row["period"] for row in compute(b.company)["fct_credits"]}
    assert periods == {"D1": "2026-01", "D2": "2026-02"}


def test_a_leap_day_is_a_day(compute: Compute) -> None:
    """29 February 2028 counts: hired on it, a draw of 2,900 is 100, and 180 days run over it."""
    head = {"valid_from": date(2028, 1, 1)}
    b = Builder(
        plan(CLOSING, {"type": "draw", "amount": "2900", "recoverable": True}, **head),
        as_of="2028-02-29T23:00",
    )
    b.employee("S1", hire_date=date(2028, 2, 29))
    b.employee("M1", "marketing", termination_date=date(2027, 12, 31))
    customer = b.customer()
    b.lead(customer, "M1", "2027-09-02")
    b.deal("S1", "0.01", "2028-02-29", customer)
    marts = compute(b.company)
    assert marts["fct_deal_sources"][0]["source"] == "marketing"
    assert amounts(marts, component="draw", employee_id="S1") == [D("100.00")]


def test_a_role_changes_in_the_middle_of_a_month(compute: Compute) -> None:
    """Rate and plan are those of the role on the day, the draw is prorated by days in each role."""
    sales = plan(commission("closing", SALES_RATES), departments=("sales",))
    other = plan(
        commission("closing", {"self_sourced": "0.01"}),
        {"type": "draw", "amount": "300", "recoverable": True},
        departments=("sales_assistant",),
        plan_id="assistants",
        crediting=None,
    )
    b = Builder(sales, other, as_of="2026-04-30T23:00")
    b.employee("S1")
    for department, first, last in (
        ("sales", date(2024, 1, 1), date(2026, 4, 16)),
        ("sales_assistant", date(2026, 4, 16), None),
    ):
        row = {"employee_id": "S1", "department": department, "valid_from": first, "valid_to": last}
        b.company.employee_assignments.append(row)
    b.deal("S1", "1000", "2026-04-15", deal_id="D1")
    b.deal("S1", "1000", "2026-04-16", deal_id="D2")
    marts = compute(b.company)
    assert [(x["plan_id"], x["amount"]) for x in lines_of(marts, component="closing")] == [
        ("plan", 50),
        ("assistants", 10),
    ]
    assert amounts(marts, component="draw") == [D("140.00")]


def test_the_last_day_employed_is_pay_and_a_day_later_is_held(compute: Compute) -> None:
    b = Builder(plan(CLOSING), as_of="2026-05-31T23:00")
    b.employee("S1", termination_date=date(2026, 4, 30))
    b.deal("S1", "1000", "2026-04-30T23:59:59", deal_id="D1")
    b.deal("S1", "1000", "2026-05-01T00:00:00", deal_id="D2")
    found = [(line["status"], line["reason"]) for line in lines_of(compute(b.company), component="closing")]
    assert found == [("earned", None), ("held", "terminated")]


@pytest.mark.parametrize(
    ("as_of", "statuses"), [("2026-03-05T12:00", ["earned"]), ("2026-03-05T11:59:59", [])]
)
def test_a_fact_at_the_as_of_time_is_known_and_a_second_later_is_not(
    compute: Compute, as_of: str, statuses: list[str]
) -> None:
    b = Builder(plan(CLOSING), as_of=as_of)
    deal = b.deal(b.employee("S1"), "1000", "2026-03-05T12:00", status="cancelled")
    b.transaction(deal, "cancellation", "1000", "2026-03-05T12:00:01")
    marts = compute(b.company)
    assert [line["status"] for line in lines_of(marts)] == statuses
    assert len(marts["fct_deal_sources"]) == len(statuses)
