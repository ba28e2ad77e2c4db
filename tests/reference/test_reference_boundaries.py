"""Boundaries of rules of sections 0 and 3 to 7: exactly on it, one beyond, zero, nothing at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.reference.builders import (
    CLOSING,
    ORIGINATION,
    TIERS,
    Builder,
    amounts,
    commission,
    lines_of,
    pays,
    plan,
    table,
    tabled,
)
from tests.reference.calculate import calculate
from tests.reference.growth import Growth, step_rate
from tests.reference.money import allocate, published_shares
from tests.reference.plan_defaults import fill_component
from tests.reference.tasks import TaskItem, capped_target, task_score
from tests.reference.templates import Row

D = Decimal
WHOLE = [(10000, "0.01"), (50000, "0.02"), (100000, "0.03"), (None, "0.04")]


def test_ties_of_the_largest_remainder_go_to_the_smaller_employee_id() -> None:
    thirds = {name: Fraction(1, 3) for name in ("E3", "E1", "E2")}
    assert allocate(D("0.01"), thirds) == {"E1": D("0.01"), "E2": D("0.00"), "E3": D("0.00")}
    assert allocate(D("-0.02"), thirds) == {"E1": D("-0.01"), "E2": D("-0.01"), "E3": D("0.00")}
    assert published_shares(thirds) == {"E1": D("0.333334"), "E2": D("0.333333"), "E3": D("0.333333")}


@pytest.mark.parametrize(("bound", "expected"), [("upper_inclusive", 100), ("lower_inclusive", 200)])
def test_exactly_on_a_bound_belongs_to_the_tier_the_plan_says(bound: str, expected: int) -> None:
    tiers: list[Row] = [{"up_to": up_to, "rate": rate} for up_to, rate in WHOLE]
    assert pays(table(tiers, mode="whole", bound=bound), "10000") == expected


def test_a_negative_interval_total_earns_at_the_first_rate() -> None:
    assert pays(table(TIERS), "-500") == -5


@pytest.mark.parametrize(("target", "expected"), [("10000", [500, 150]), ("0", [500, 75]), (None, [500, 75])])
def test_quota_zero_or_missing_pays_the_first_rate(target: str | None, expected: list[int]) -> None:
    two = {
        "sources": ["self_sourced"],
        "unit": "quota_pct",
        "quota_kpi": "sales_amount",
        "tiers": [{"up_to": 1, "rate": "0.05"}, {"up_to": None, "rate": "0.10"}],
    }
    b = Builder(plan(commission("closing", None, rate_table=two)))
    b.employee("S1")
    if target is not None:
        b.target("S1", "sales_amount", "2026-03", target)
    b.deal("S1", "10000", "2026-03-02")
    b.deal("S1", "1500", "2026-03-05")
    assert amounts(calculate(b.company), component="closing") == expected


def test_quota_is_ramped_and_prorated() -> None:
    """Hired 16 April: ramp 0.5, 15 of 30 days: 10,000 becomes 2,500."""
    two = {
        "sources": ["self_sourced"],
        "unit": "quota_pct",
        "tiers": [{"up_to": 1, "rate": "0.05"}, {"up_to": None, "rate": "0.10"}],
    }
    quota = {"kpi": "sales_amount", "ramp": [D("0.5"), D("0.75"), D(1)]}
    b = Builder(plan(commission("closing", None, rate_table=two, quota=quota)))
    b.employee("S1", hire_date=date(2026, 4, 16))
    for period in ("2026-04", "2026-05", "2026-07"):
        b.target("S1", "sales_amount", period, "10000")
    for day in ("2026-04-20", "2026-05-20", "2026-07-20"):
        b.deal("S1", "10000", day)
    assert amounts(calculate(b.company), component="closing") == [875, 625, 500]


def test_guarantee_is_not_recovered_and_covers_no_clawback() -> None:
    b = Builder(
        plan(CLOSING, {"type": "draw", "amount": "3000", "recoverable": False}), as_of="2026-02-28T23:00"
    )
    b.employee("S1")
    deal = b.deal("S1", "100000", "2026-01-10")
    b.transaction(deal, "refund", "100000", "2026-02-03")
    marts = calculate(b.company)
    assert [row["net"] for row in marts["fct_payouts"]] == [5000, -2000]


def test_refund_of_a_capped_deal_takes_back_what_was_paid_only() -> None:
    b = Builder(plan(CLOSING | {"cap": {"amount": "3000"}}), as_of="2026-02-28T23:00")
    b.employee("S1")
    deal = b.deal("S1", "100000", "2026-01-10")
    b.transaction(deal, "cancellation", "100000", "2026-02-10")
    marts = calculate(b.company)
    assert [row["net"] for row in marts["fct_payouts"]] == [3000, -3000]
    assert amounts(marts, component="cap") == [-2000, 2000]


def test_two_marketers_three_closers_and_one_fen() -> None:
    b = Builder(plan(ORIGINATION, CLOSING, crediting={"attribution": {"model": "linear"}}))
    customer = b.customer()
    for name in ("M1", "M2"):
        b.lead(customer, b.employee(name, "marketing"), "2026-01-05")
    for name in ("S1", "S2", "S3"):
        b.employee(name)
    deal = b.deal("S1", "0.01", "2026-01-10", customer)
    b.split(deal, S1="0.3", S2="0.3", S3="0.4")
    marts = calculate(b.company)
    credited = {(row["pool"], row["employee_id"]): row["credited_amount"] for row in marts["fct_credits"]}
    assert credited["origination", "M1"] + credited["origination", "M2"] == D("0.01")
    assert [credited["closing", name] for name in ("S1", "S2", "S3")] == [0, 0, D("0.01")]
    assert set(amounts(marts)) == {D("0.00")}


@pytest.mark.parametrize(
    ("lead_day", "source"),
    [("2026-07-01", "marketing"), ("2026-01-02", "marketing"), ("2026-01-01", "self_sourced")],
)
def test_protection_includes_its_first_and_last_day(lead_day: str, source: str) -> None:
    """2 January to 1 July are 180 days."""
    b = Builder(plan(CLOSING))
    b.employee("S1")
    b.employee("M1", "marketing")
    customer = b.customer()
    b.lead(customer, "M1", f"{lead_day}T08:00")
    b.deal("S1", "1000", "2026-07-01T09:00", customer)
    found = calculate(b.company)["fct_deal_sources"][0]
    assert (found["source"], found["is_internal_circulation"]) == (source, source == "self_sourced")


def test_refund_larger_than_what_is_left_is_clamped() -> None:
    b = Builder(plan(tabled("month")), as_of="2026-03-31T23:00")
    b.employee("S1")
    deal = b.deal("S1", "4500", "2026-01-10")
    b.transaction(deal, "refund", "-2000", "2026-02-01", transaction_id="T1")
    b.transaction(deal, "refund", "9999", "2026-03-01", transaction_id="T2")
    assert amounts(calculate(b.company)) == [95, -55, -40]


@pytest.mark.parametrize(("first_work", "is_near_certain"), [("2026-01-31", False), ("2026-01-30", True)])
def test_near_certain_needs_more_than_30_days(first_work: str, is_near_certain: bool) -> None:
    b = Builder(plan(CLOSING))
    customer = b.customer()
    giver, receiver = b.employee("S1"), b.employee("S2")
    b.activity(giver, customer, first_work)
    b.transfer(customer, giver, receiver, "2026-03-02")
    b.deal(receiver, "1000", "2026-04-01", customer)
    row = calculate(b.company)["fct_transfers"][0]
    assert (row["pre_days"], row["is_near_certain"]) == (31 if is_near_certain else 30, is_near_certain)
    assert (row["days_to_sign"], row["is_abnormal"]) == (30, True)


@pytest.mark.parametrize(("signed", "is_abnormal"), [("2026-04-01", True), ("2026-04-02", False)])
def test_abnormal_is_signed_within_30_days_without_work(signed: str, is_abnormal: bool) -> None:
    b = Builder(plan(CLOSING), as_of="2026-06-30T23:00")
    customer = b.customer()
    giver, receiver = b.employee("S1"), b.employee("S2", team_id="T")
    change = b.transfer(customer, giver, receiver, "2026-03-02")
    b.deal(receiver, "1000", signed, customer)
    b.resolution("transfer", change, "release", "2026-05-05")
    marts = calculate(b.company)
    assert marts["fct_transfers"][0]["is_abnormal"] is is_abnormal
    statuses = [(row["period"], row["status"], row["amount"]) for row in lines_of(marts, component="closing")]
    held = [("2026-04", "held", D(20)), ("2026-05", "released", D(20))]
    assert statuses == (held if is_abnormal else [("2026-04", "earned", D(20))])
    measured = {
        (r["employee_id"], r["measure"]): r["value"]
        for r in marts["fct_measures"]
        if r["period"] == "2026-04"
    }
    assert measured["S2", "sales_amount"] == 1000
    assert measured["S2", "counted_sales_amount"] == 200
    assert measured["team:T", "counted_sales_amount"] == 1000


def test_a_target_of_zero_is_left_out() -> None:
    items = [
        TaskItem(
            "new_customers", D(15), D(5), D(1), capped_target("new_customers", D(5), D(1), D("0.7")), D(4)
        ),
        TaskItem("repurchase_amount", D(25), D(80000), D(90000), D(80000), D(72000)),
    ]
    assert task_score(items, D("1.2")) == 90
    assert task_score(items[:1], D("1.2")) is None


@pytest.mark.parametrize(
    ("value", "rate"),
    [("119999.99", "0.10"), ("120000", "0.15"), ("129999.99", "0.15"), ("130000", "0.20"), ("0", "0.10")],
)
def test_growth_steps_are_reached_exactly(value: str, rate: str) -> None:
    growth = Growth(D(value), (D(90000), D(100000), D(110000)))
    assert step_rate(fill_component({"type": "growth_bonus"}), growth) == D(rate)
    assert step_rate(fill_component({"type": "growth_bonus", "mode": "increment"}), growth) == D(rate)


@pytest.mark.parametrize("history", [None, (D(0), D(0), D(0))])
def test_without_a_baseline_growth_is_null_and_the_base_rate_holds(
    history: tuple[Decimal, ...] | None,
) -> None:
    growth = Growth(D(500), history)
    assert growth.growth is None
    assert step_rate(fill_component({"type": "growth_bonus"}), growth) == D("0.10")
