"""Measures, growth, caps and points on small companies (rulebook 4 to 7).

Belongs here: scenarios whose outcome can be checked by hand.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.reference.builders import CLOSING, Builder, amounts, at, lines_of, plan
from tests.reference.calculate import calculate
from tests.reference.templates import Row

D = Decimal


def measured(marts: dict[str, list[Row]], period: str) -> dict[tuple[str, str], Any]:
    return {
        (r["employee_id"], r["measure"]): r["value"] for r in marts["fct_measures"] if r["period"] == period
    }


@pytest.mark.parametrize(("remainder_to", "giver"), [("team", 0), ("giver", D("0.8"))])
def test_the_rest_of_a_transferred_deal_goes_to_the_team_or_the_giver(
    remainder_to: str, giver: Decimal
) -> None:
    setting = {"transfers": {"remainder_to": remainder_to}}
    b = Builder(plan(CLOSING, crediting=setting), as_of="2026-03-31T23:00")
    b.employee("S1", team_id="A")
    b.employee("S2", team_id="B")
    customer = b.customer()
    b.transfer(customer, "S1", "S2", "2026-01-05")
    deal = b.deal("S2", "1000", "2026-02-10", customer, units=D(10))
    b.transaction(deal, "refund", "500", "2026-03-10")
    marts = calculate(b.company)
    signed, refunded = measured(marts, "2026-02"), measured(marts, "2026-03")
    assert (signed["S2", "new_customers"], signed["S1", "new_customers"]) == (D("0.2"), giver)
    assert (signed["S2", "units"], signed["team:B", "units"]) == (2, 10)
    assert signed["team:A", "new_customers"] == 0
    assert (signed["S2", "new_customer_amount"], signed["S1", "new_customer_amount"]) == (200, 1000 * giver)
    assert (refunded["S2", "counted_sales_amount"], refunded["S2", "new_customers"]) == (-100, 0)
    assert refunded["team:B", "sales_amount"] == -500


def test_customers_maintained_are_owned_and_contacted_by_their_owner() -> None:
    b = Builder(plan(), as_of="2026-02-28T23:00")
    b.employee("S1")
    b.employee("S2")
    mine, theirs = b.customer(owner_employee_id="S1"), b.customer(owner_employee_id="S2")
    given = b.customer()
    b.transfer(given, "S1", "S2", "2026-02-20")
    for customer in (mine, theirs, given):
        b.activity("S1", customer, "2026-02-10")
    values = measured(calculate(b.company), "2026-02")
    assert (values["S1", "customers_maintained"], values["S2", "customers_maintained"]) == (1, 0)


def test_team_growth_pays_each_seller_on_the_own_earned_commission() -> None:
    b = Builder(plan(CLOSING, {"type": "team_growth"}), as_of="2026-04-30T23:00")
    for name in ("S1", "S2"):
        b.employee(name, team_id="T")
    for month in (1, 2, 3):
        b.deal("S1", "1000", f"2026-0{month}-10")
    b.deal("S1", "100", "2026-04-10")
    b.deal("S2", "1000", "2026-04-10")  # 1,100 against 1,000: exactly 10 %
    marts = calculate(b.company)
    found = {row["employee_id"]: row["amount"] for row in lines_of(marts, component="team_growth")}
    assert found == {"S1": D("0.25"), "S2": D("2.50")}
    row = next(r for r in marts["fct_growth"] if r["period"] == "2026-04")
    assert (row["scope_id"], row["growth"], row["rate"]) == ("T", D("0.1"), D("0.05"))


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ({"basis": "measure"}, "195.00"),
        ({"basis": "measure", "on": "increment_only"}, "45.00"),
        ({"basis": "earned_commission", "on": "increment_only"}, "2.25"),
        ({"basis": "bonus_base"}, "600.00"),
    ],
)
def test_growth_bonus_on_other_bases(setting: dict[str, str], expected: str) -> None:
    """1,300 against 1,000 is 30 % but the steps here end at 20 % → 15 %."""
    steps = [{"growth": "0.2", "rate": "0.15"}]
    b = Builder(plan(CLOSING, {"type": "growth_bonus", "steps": steps, **setting}), as_of="2026-04-30T23:00")
    b.employee("S1", bonus_base=D(4000))
    for month, amount in ((1, "1000"), (2, "1000"), (3, "1000"), (4, "1300")):
        b.deal("S1", amount, f"2026-0{month}-10")
    assert amounts(calculate(b.company), component="growth_bonus", period="2026-04") == [D(expected)]


def test_a_month_not_fully_employed_gives_no_baseline() -> None:
    b = Builder(plan(CLOSING, {"type": "growth_bonus"}), as_of="2026-04-30T23:00")
    b.employee("S1", hire_date=date(2026, 1, 2))
    for month, amount in ((1, "1000"), (2, "1000"), (3, "1000"), (4, "9000")):
        b.deal("S1", amount, f"2026-0{month}-10")
    row = next(r for r in calculate(b.company)["fct_growth"] if r["period"] == "2026-04")
    assert (row["baseline"], row["growth"], row["rate"]) == (None, None, D("0.10"))


def test_of_alternatives_with_one_award_the_better_one_pays() -> None:
    pair = [
        {"type": "growth_bonus", "id": "a", "award": "x", "base_rate": "0.10"},
        {"type": "growth_bonus", "id": "b", "award": "x", "base_rate": "0.20", "measure": "sales_amount"},
    ]
    b = Builder(plan(CLOSING, *pair), as_of="2026-01-31T23:00")
    b.employee("S1")
    b.deal("S1", "1000", "2026-01-10")
    marts = calculate(b.company)
    assert amounts(marts, component="growth_bonus") == [10]
    assert len(marts["fct_growth"]) == 2


def test_the_plan_cap_stands_above_all_components_and_below_the_draw() -> None:
    b = Builder(
        plan(
            CLOSING,
            {"type": "contribution", "follow_ups_reference": 1, "minutes_reference": 10},
            {"type": "plan_cap", "amount": 520},
            {"type": "draw", "amount": 600, "recoverable": False},
        ),
        as_of="2026-01-31T23:00",
    )
    b.employee("S1")
    customer = b.customer()
    b.activity("S1", customer, "2026-01-05")
    b.deal("S1", "1000", "2026-01-10", customer)
    marts = calculate(b.company)
    found = {row["component"]: row["amount"] for row in lines_of(marts)}
    assert found == {"closing": 50, "contribution": 500, "cap": -30, "draw": 80}


def test_a_floor_is_prorated_and_not_lifted_by_later_refunds() -> None:
    b = Builder(plan(CLOSING | {"floor": {"amount": 310}}), as_of="2026-02-28T23:00")
    b.employee("S1", hire_date=date(2026, 1, 22))  # 10 of 31 days
    deal = b.deal("S1", "1000", "2026-01-25")
    b.transaction(deal, "refund", "1000", "2026-02-05")
    assert amounts(calculate(b.company), component="cap") == [50, 310]


def test_points_are_booked_when_the_lead_became_valid() -> None:
    points = {"type": "points", "by_lead_type": {"fair": 25}, "point_value": D("0.5")}
    b = Builder(plan(points), as_of="2026-03-31T23:00")
    b.employee("M1", "marketing")
    b.employee("S1")
    b.lead(b.customer(), "M1", "2026-01-31", review_status="accepted", reviewed_at=at("2026-02-01"))
    b.lead(b.customer(), "M1", "2026-02-02", lead_type="fair")
    b.lead(b.customer(), "M1", "2025-12-31")  # before the plan
    b.lead(b.customer(), "S1", "2026-02-02")  # not of marketing
    marts = calculate(b.company)
    assert [(x["period"], x["basis_amount"], x["amount"]) for x in lines_of(marts)] == [
        ("2026-02", 35, D("17.50"))
    ]
    assert len(marts["fct_points"]) == 2


def test_an_adjustment_needs_author_reason_and_approver() -> None:
    b = Builder(plan(), as_of="2026-01-31T23:00")
    b.employee("S1")
    b.deal("S1", "1", "2026-01-01")
    row = {"employee_id": "S1", "period": "2026-01", "amount": D("12.30"), "currency": "CNY", "reason": "D1"}
    for number, people in enumerate([{"author": "hr", "approver": "cfo"}, {"author": "hr", "approver": " "}]):
        b.company.adjustments.append(row | {"adjustment_id": f"A{number}"} | people)
    marts = calculate(b.company)
    assert amounts(marts, component="adjustment") == [D("12.30")]
    assert (marts["fct_payouts"][0]["gross"], marts["fct_payouts"][0]["net"]) == (0, D("12.30"))
