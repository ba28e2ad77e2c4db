"""Caps, floors, quotas and rate tables where there are several of them: two in one plan, one in each of two plans.

All of it is one company, computed once by either side; every department has a plan of its own.
Belongs here: what must not be mixed up between plans, components and months. Does not belong here: the figures of
one cap or one table (``test_boundaries``, golden cases).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.reference.builders import CLOSING, SALES_RATES, Builder, amounts, commission, lines_of, plan
from tests.reference.calculate import Marts, calculate
from tests.reference.company import Company
from tests.support.pipeline import pipeline

Row = dict[str, Any]
STEPS: list[Row] = [{"up_to": 1, "rate": "0.05"}, {"up_to": None, "rate": "0.10"}]


def _plan(plan_id: str, *components: Row, departments: tuple[str, ...] | None = None, **head: Any) -> Row:
    """A plan that leaves the rules of credit to the first plan."""
    head = {"crediting": None} | head
    return plan(*components, plan_id=plan_id, departments=departments or (plan_id,), **head)


def _quota_table(component_id: str, source: str, interval: str, steps: list[Row] = STEPS, **more: Any) -> Row:
    table = {"sources": [source], "interval": interval, "unit": "quota_pct", "tiers": steps}
    return commission("closing", None, id=component_id, rate_table=table, **more)


def _plain_table(component_id: str, source: str, first: str) -> Row:
    tiers = [{"up_to": 1000, "rate": first}, {"up_to": None, "rate": "0.10"}]
    return commission("closing", None, id=component_id, rate_table={"sources": [source], "tiers": tiers})


RAMP = {"kpi": "sales_amount", "ramp": ["0.5", "0.75", "1"]}
CREDITING = {"transfers": {"counted_share": "0"}, "deal_source": {"lookback_days": 0}}
PLANS = [
    _plan("capped", commission("closing", SALES_RATES, cap={"amount": "100"}), crediting=CREDITING),
    _plan("plan_capped", CLOSING, {"type": "plan_cap", "amount": "100"}),
    _plan(
        "one_of_three",
        CLOSING,
        {"type": "plan_cap", "amount": "100", "departments": ["near"]},
        departments=("near", "far", "farther"),
    ),
    _plan(
        "two_caps",
        CLOSING,
        {"type": "plan_cap", "id": "a", "amount": "100", "excess": "carry", "departments": ["left"]},
        {"type": "plan_cap", "id": "b", "amount": "60", "excess": "carry", "departments": ["right"]},
        departments=("left", "right"),
    ),
    _plan(
        "floor_and_cap",
        commission("closing", SALES_RATES, floor={"amount": "100"}, cap={"amount": "300", "excess": "carry"}),
    ),
    _plan("floor_of_first", commission("closing", SALES_RATES, floor={"amount": "310"})),
    _plan("floor_of_second", commission("closing", SALES_RATES, floor={"amount": "310"})),
    _plan("quarter", _quota_table("table", "self_sourced", "quarter", quota={"kpi": "sales_amount"})),
    _plan(
        "two_ramps",
        _quota_table("own", "self_sourced", "month", quota=RAMP),
        _quota_table("again", "repurchase", "month", [{"up_to": None, "rate": "0.01"}], quota=RAMP),
    ),
    _plan(
        "two_tables", _plain_table("own", "self_sourced", "0.01"), _plain_table("again", "repurchase", "0.02")
    ),
    _plan("table_of_first", _plain_table("table", "self_sourced", "0.01")),
    _plan("table_of_second", _plain_table("table", "self_sourced", "0.02")),
]


def _company() -> Company:
    b = Builder(*PLANS, as_of="2026-04-30T23:00")
    for department in ("capped", "plan_capped"):
        _held_in_january_released_in_february(b, department)
    b.deal(b.employee("near", "near"), "1600", "2026-01-05")
    _mover(b, "mover", ("left", "right"), date(2026, 2, 1))
    b.deal("mover", "6000", "2026-01-05")
    b.deal("mover", "1600", "2026-02-05")
    b.deal(b.employee("left", "left"), "1600", "2026-01-05")
    b.deal(b.employee("right", "right"), "1600", "2026-01-05")
    b.deal(b.employee("floored", "floor_and_cap"), "14000", "2026-01-05")
    _mover(b, "twice", ("floor_of_first", "floor_of_second"), date(2026, 1, 16))
    b.deal("twice", "2000", "2026-01-10")
    b.deal("twice", "4000", "2026-01-20")
    b.deal(b.employee("quarter", "quarter"), "11500", "2026-03-05")
    for month in ("2026-01", "2026-02"):
        b.target("quarter", "sales_amount", month, "5000")
    b.deal(b.employee("whole_quarter", "quarter"), "11500", "2026-03-05")
    b.target("whole_quarter", "sales_amount", "2026-Q1", "10000")
    b.employee("new", "two_ramps", hire_date=date(2026, 1, 1))
    b.target("new", "sales_amount", "2026-01", "20000")
    _first_and_second_deal(b, "new", "11500", "1000")
    _first_and_second_deal(b, b.employee("tabled", "two_tables"), "1500", "1500")
    b.deal("tabled", "1500", "2026-02-05")
    b.employee("same_day", "two_tables")
    b.deal("same_day", "1000", "2026-01-05", deal_id="Z")
    b.deal("same_day", "500", "2026-01-05", deal_id="A")
    customer = b.customer()
    b.deal(b.employee("uncounted", "two_tables"), "1000", "2026-01-05")
    b.transfer(customer, "near", "uncounted", "2026-01-02")
    b.deal("uncounted", "500", "2026-01-06", customer)
    b.employee("refunded", "two_tables")
    b.transaction(b.deal("refunded", "500", "2026-01-05"), "refund", "500", "2026-01-06")
    customer = b.customer()
    b.transfer(customer, "near", "refunded", "2026-01-02")
    b.deal("refunded", "500", "2026-01-07", customer)
    _mover(b, "tables", ("table_of_first", "table_of_second"), date(2026, 1, 16))
    b.deal("tables", "500", "2026-01-10")
    b.deal("tables", "500", "2026-01-20")
    return b.company


def _held_in_january_released_in_february(b: Builder, department: str) -> None:
    """3,000 earn 150.00, held because the transfer has no reason."""
    customer = b.customer()
    change = b.transfer(customer, "near", b.employee(department, department), "2026-01-02", reason=None)
    b.deal(department, "3000", "2026-01-05", customer)
    b.resolution("transfer", change, "release", "2026-02-05")


def _mover(b: Builder, employee_id: str, departments: tuple[str, str], day: date) -> None:
    """Someone who changes from one department to the other on a day."""
    b.employee(employee_id, departments[0])
    for department, first, last in (
        (departments[0], date(2024, 1, 1), day),
        (departments[1], day, None),
    ):
        row = {"employee_id": employee_id, "department": department, "valid_from": first, "valid_to": last}
        b.company.employee_assignments.append(row)


def _first_and_second_deal(b: Builder, employee_id: str, first: str, second: str) -> None:
    """One customer: self-sourced on the 5th, a repurchase on the 6th of January."""
    customer = b.customer()
    b.deal(employee_id, first, "2026-01-05", customer)
    b.deal(employee_id, second, "2026-01-06", customer)


@pytest.fixture(scope="module", params=[calculate, pipeline], ids=["reference", "pipeline"])
def marts(request: pytest.FixtureRequest) -> Marts:
    """What either side computes of the company."""
    found: Marts = request.param(_company())
    return found


def _limits(marts: Marts, employee_id: str) -> list[tuple[str, str, Decimal]]:
    """Component, month and amount of the lines of caps and floors."""
    lines = lines_of(marts, employee_id=employee_id, component="cap")
    return sorted((line["component_id"], line["period"], line["amount"]) for line in lines)


@pytest.mark.parametrize("department", ["capped", "plan_capped"])
def test_a_line_released_later_is_under_the_cap(marts: Marts, department: str) -> None:
    """150.00 are held in January and released in February: 100.00 are paid."""
    found = [(x["period"], x["status"], x["amount"]) for x in lines_of(marts, employee_id=department)]
    assert sorted(found) == [
        ("2026-01", "held", 150),
        ("2026-02", "earned", -50),
        ("2026-02", "released", 150),
    ]


def test_a_cap_over_one_of_three_departments_counts_a_line_once(marts: Marts) -> None:
    """80.00 are below 100.00."""
    assert amounts(marts, employee_id="near") == [80]


def test_each_of_two_plan_caps_is_for_its_own_department(marts: Marts) -> None:
    """80.00 are below the cap of the one and 20.00 above that of the other, which are paid a month later."""
    assert _limits(marts, "left") == []
    assert _limits(marts, "right") == [("b", "2026-01", -20), ("b", "2026-02", 20)]


def test_what_one_cap_carries_is_not_under_the_other(marts: Marts) -> None:
    """300.00 under the cap of 100.00 are paid in three months, 80.00 under that of 60.00 in two."""
    assert _limits(marts, "mover") == [
        ("a", "2026-01", -200),
        ("a", "2026-02", 100),
        ("a", "2026-03", 100),
        ("b", "2026-02", -20),
        ("b", "2026-03", 20),
    ]


def test_a_floor_is_under_the_cap_with_what_is_carried(marts: Marts) -> None:
    """700.00 in January, 300.00 of them paid. Each later month adds the floor of 100.00 and pays 300.00 at most."""
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines_of(marts, employee_id="floored"):
        paid[line["period"]] += line["amount"]
    assert paid == {"2026-01": 300, "2026-02": 300, "2026-03": 300, "2026-04": 100}


def test_the_floor_of_a_plan_counts_what_that_plan_pays(marts: Marts) -> None:
    """15 and 16 of 31 days: 150.00 and 160.00; 100.00 of the first plan are topped up, 200.00 of the second not."""
    lines = lines_of(marts, employee_id="twice", period="2026-01")
    assert [(line["plan_id"], line["amount"]) for line in lines if line["reason"] == "floor"] == [
        ("floor_of_first", 50)
    ]


@pytest.mark.parametrize("employee_id", ["quarter", "whole_quarter"])
def test_a_quarter_has_the_quota_of_its_months_with_a_target_or_its_own(
    marts: Marts, employee_id: str
) -> None:
    """5,000 and 5,000, or 10,000: 11,500 earn 500 and 10 % of 1,500."""
    assert amounts(marts, employee_id=employee_id) == [650]


def test_each_of_two_ramped_tables_has_its_own_quota(marts: Marts) -> None:
    """Half of 20,000 in the first month: 11,500 earn 500 and 10 % of 1,500; the repurchase earns 1 %."""
    lines = lines_of(marts, employee_id="new")
    assert [(line["component_id"], line["amount"]) for line in lines] == [("own", 650), ("again", 10)]


def test_two_tables_on_equal_totals_pay_each_by_its_own_tiers(marts: Marts) -> None:
    """1,500 earn 10 + 50 by one table and 20 + 50 by the other, and the first again in the next month."""
    lines = lines_of(marts, employee_id="tabled")
    assert [(line["period"], line["component_id"], line["amount"]) for line in lines] == [
        ("2026-01", "own", 60),
        ("2026-01", "again", 70),
        ("2026-02", "own", 60),
    ]


def test_deals_of_one_day_are_paid_in_the_order_of_their_ids(marts: Marts) -> None:
    """A takes 500 of the first 1,000 at 1 %; of the 1,000 of Z the rest of it, and 500 at 10 %."""
    lines = lines_of(marts, employee_id="same_day")
    assert [(line["deal_id"], line["amount"]) for line in lines] == [("A", 5), ("Z", 55)]


def test_a_deal_that_does_not_count_for_the_quota_is_paid_by_the_table(marts: Marts) -> None:
    """1 % of 1,000 and 10 % of 500; the second, of a customer taken over, counts nothing for a quota."""
    lines = lines_of(marts, employee_id="uncounted")
    assert [(line["basis_amount"], line["amount"]) for line in lines] == [(1000, 10), (500, 50)]


def test_equal_totals_of_which_less_counts_are_two_totals(marts: Marts) -> None:
    """500 of the own customer, refunded, and then 500 that count nothing: each earns 1 %."""
    lines = lines_of(marts, employee_id="refunded")
    found = [(line["basis_amount"], line["amount"]) for line in lines]
    assert sorted(found) == [(-500, -5), (500, 5), (500, 5)]


def test_tables_of_two_plans_with_one_id_are_two_tables(marts: Marts) -> None:
    lines = lines_of(marts, employee_id="tables")
    assert [(line["plan_id"], line["amount"]) for line in lines] == [
        ("table_of_first", 5),
        ("table_of_second", 10),
    ]
