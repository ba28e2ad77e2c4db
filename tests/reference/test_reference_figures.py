"""Worked figures of the rulebook, sections 3 to 7, against the reference.

Belongs here: figures printed in the rulebook and exact boundaries. Does not belong here: KPIs and
scorecards (`test_reference_kpis*.py`, `test_reference_scorecards.py`).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.reference.attribution import decay_weight, position_weights
from tests.reference.builders import (
    CLOSING,
    ORIGINATION,
    TIERS,
    Builder,
    amounts,
    lines_of,
    pays,
    plan,
    table,
    tabled,
)
from tests.reference.calculate import calculate
from tests.reference.growth import contribution_score
from tests.reference.money import half_up
from tests.reference.plan_defaults import COMPONENTS
from tests.reference.tasks import TaskItem, capped_target, task_score
from tests.reference.templates import Row

D = Decimal


# section 0


def test_rounding_is_half_away_from_zero() -> None:
    assert [half_up(D(x), 2) for x in ("0.005", "-0.005", "0.0049", "2.675")] == [
        D("0.01"),
        D("-0.01"),
        D("0.00"),
        D("2.68"),
    ]


# section 4


def test_100_at_4_percent_over_three_linear_originators_is_134_133_133() -> None:
    b = Builder(plan(ORIGINATION, crediting={"attribution": {"model": "linear"}}))
    b.employee("S1")
    customer = b.customer()
    for name, day in (("M1", "2026-01-01"), ("M2", "2026-01-02"), ("M3", "2026-01-03")):
        b.lead(customer, b.employee(name, "marketing"), day)
    b.deal("S1", "100.00", "2026-01-10", customer)
    marts = calculate(b.company)
    found = {row["employee_id"]: row["amount"] for row in lines_of(marts, component="origination")}
    assert found == {"M1": D("1.34"), "M2": D("1.33"), "M3": D("1.33")}
    assert {row["pool_amount"] for row in marts["fct_credits"] if row["pool"] == "origination"} == {D("4.00")}


def test_each_transaction_tiered_on_its_own_gives_164() -> None:
    """Not our rule; the vendor's figure for comparison."""
    single = [pays(table(TIERS), total) for total in ("200", "300", "1500", "1200", "2000", "4500")]
    assert single == [2, 3, 20, 14, 30, 95]
    assert sum(single) == 164


@pytest.mark.parametrize(("interval", "expected"), [("month", [30, 56, 95]), ("quarter", [30, 86, 169])])
def test_monthly_totals_give_181_and_the_quarter_285(interval: str, expected: list[int]) -> None:
    b = Builder(plan(tabled(interval)))
    b.employee("S1")
    for day, amount in [
        ("2026-01-05", "200"),
        ("2026-01-06", "300"),
        ("2026-01-20", "1500"),
        ("2026-02-01", "1200"),
        ("2026-02-28", "2000"),
        ("2026-03-31", "4500"),
    ]:
        b.deal("S1", amount, day)
    marts = calculate(b.company)
    months = [sum(amounts(marts, period=period)) for period in ("2026-01", "2026-02", "2026-03")]
    assert sum(months) == (181 if interval == "month" else 285)
    assert months == expected


def test_whole_mode_pays_the_reached_rate_on_everything() -> None:
    tiers: list[Row] = [{"up_to": up_to, "rate": rate} for up_to, rate in WHOLE]
    setting = table(tiers, mode="whole")
    assert [pays(setting, total) for total in ("5000", "15000", "60000")] == [50, 300, 1800]


WHOLE = [(10000, "0.01"), (50000, "0.02"), (100000, "0.03"), (None, "0.04")]


def test_two_tiers_with_a_quota_of_10000() -> None:
    halves: list[Row] = [{"up_to": 1, "rate": "0.05"}, {"up_to": None, "rate": "0.10"}]
    two = table(halves, unit="quota_pct")
    assert pays(two, "10000", "10000") == 500
    assert pays(two, "11500", "10000") == 650


def test_interpolated_rate_lies_between_start_and_end() -> None:
    tiers: list[Row] = [
        {"up_to": 1000, "rate": "0.01"},
        {"up_to": 3000, "start_rate": "0.01", "end_rate": "0.03"},
        {"up_to": None, "rate": "0.03"},
    ]
    setting = table(tiers, mode="interpolated")
    assert [pays(setting, total) for total in ("1000", "2000", "3000", "4000")] == [10, 40, 90, 120]


def test_recoverable_draw_of_3000() -> None:
    b = Builder(
        plan(CLOSING, {"type": "draw", "amount": "3000", "recoverable": True}), as_of="2026-03-31T23:00"
    )
    b.employee("S1")
    for day, amount in (("2026-01-10", "20000"), ("2026-02-10", "100000"), ("2026-03-10", "100000")):
        b.deal("S1", amount, day)
    marts = calculate(b.company)
    assert amounts(marts, component="closing") == [1000, 5000, 5000]
    assert amounts(marts, component="draw") == [2000, -2000]
    assert [row["net"] for row in marts["fct_payouts"]] == [3000, 3000, 5000]


@pytest.mark.parametrize(("excess", "expected"), [("lost", [3000, 1000]), ("carry", [3000, 3000])])
def test_cap_loses_or_carries_the_excess(excess: str, expected: list[int]) -> None:
    cap = {"amount": "3000", "excess": excess}
    b = Builder(plan(CLOSING | {"cap": cap}), as_of="2026-02-28T23:00")
    b.employee("S1")
    b.deal("S1", "100000", "2026-01-10")
    b.deal("S1", "20000", "2026-02-10")
    assert [row["net"] for row in calculate(b.company)["fct_payouts"]] == expected


# section 3


def test_attribution_models() -> None:
    setting = {"first": D("0.4"), "middle": D("0.2"), "last": D("0.4")}
    assert position_weights(1, setting) == [1]
    assert position_weights(2, setting) == [Fraction(1, 2)] * 2
    assert position_weights(4, setting) == [Fraction(2, 5), Fraction(1, 10), Fraction(1, 10), Fraction(2, 5)]
    assert decay_weight(0, 7) == 1
    assert decay_weight(7, 7) == D("0.5")
    assert decay_weight(1, 7) == D("0.905723664264")


# section 6


def test_task_score_of_the_worked_case() -> None:
    target = capped_target("new_customers", D(5), D(6), D("0.7"))
    assert target == 4
    items = [
        TaskItem("new_customers", D(15), D(5), D(6), target, D(4)),
        TaskItem("repurchase_amount", D(25), D(80000), D(90000), D(80000), D(72000)),
    ]
    assert task_score(items, D("1.2")) == D("93.75")


# section 7


def test_contribution_is_half_follow_ups_and_half_minutes() -> None:
    assert contribution_score(40, D(360), COMPONENTS["contribution"]) == 80
    assert contribution_score(400, D(359), COMPONENTS["contribution"]) < 80
