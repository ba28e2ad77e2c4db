"""A component is for the months in which a role that it covers and its plan meet, to the day.

One company, computed once by either side: every kind of component, and people whose role or plan begins or ends on
the first day of a month, or whose role ends on the day on which the plan begins.
Belongs here: which months and people a component is for. Does not belong here: what it pays.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.reference.builders import CLOSING, Builder, lines_of, plan
from tests.reference.calculate import Marts
from tests.reference.company import Company
from tests.reference.kpis_company import calculate_all
from tests.support.pipeline import pipeline_all

Row = dict[str, Any]
START, END = date(2026, 3, 1), date(2026, 4, 1)
ITEMS = [{"measure": "units", "weight": 10, "target": 1}]
CARD = {
    "type": "scorecard",
    "kpis": [
        {"kpi": "valid_visits", "group": "business", "weight": 100, "target": 1},
        {"kpi": "archive_coverage", "group": "management", "weight": 100, "target": 1},
    ],
}
EVERY_KIND: list[Row] = [
    {"type": "commission", "pool": "closing", "rates": {"self_sourced": "0.05"}, "floor": {"amount": "31"}},
    {"type": "process_bonus", "target": 1},
    {"type": "growth_bonus", "basis": "bonus_base"},
    {"type": "team_growth"},
    {"type": "contribution", "threshold": 0},
    {"type": "task", "templates": dict.fromkeys(("maintainer", "developer", "unprofiled"), ITEMS)},
    {"type": "draw", "amount": "310", "recoverable": False},
    CARD,
]
MARTS = ("fct_process_bonus", "fct_task_results", "fct_scorecards", "fct_payout_lines")
PLANS = [
    plan(*EVERY_KIND, plan_id="window", departments=("window",), valid_from=START, valid_to=END),
    plan(*EVERY_KIND, plan_id="open", departments=("open",), crediting=None),
    plan(
        *EVERY_KIND,
        plan_id="middle",
        departments=("middle",),
        crediting=None,
        valid_from=date(2026, 3, 10),
        valid_to=date(2026, 3, 20),
    ),
    plan(
        CLOSING,
        {"type": "plan_cap", "amount": "10", "departments": ["near"]},
        plan_id="capped",
        departments=("near", "far"),
        crediting=None,
    ),
]
#: departments of each person: first day and name
ROLES: dict[str, list[tuple[date, str]]] = {
    "always": [(date(2024, 1, 1), "window")],
    "in_march": [(date(2024, 1, 1), "none"), (START, "open"), (END, "none")],
    "early": [(date(2024, 1, 1), "middle"), (date(2026, 3, 10), "none")],
    "late": [(date(2024, 1, 1), "none"), (date(2026, 3, 20), "middle")],
    "mover": [(date(2024, 1, 1), "far"), (START, "near"), (END, "far")],
}


def _company() -> Company:
    b = Builder(*PLANS, as_of="2026-05-31T23:00")
    for employee_id, roles in ROLES.items():
        b.employee(employee_id, bonus_base=Decimal(3100))
        for number, (day, department) in enumerate(roles):
            last = roles[number + 1][0] if number + 1 < len(roles) else None
            row = {"employee_id": employee_id, "department": department, "valid_from": day, "valid_to": last}
            row |= {"bonus_base": Decimal(3100), "team_id": f"team_{employee_id}"}
            b.company.employee_assignments.append(row)
    b.activity("always", b.customer(), "2026-01-05")
    for month in ("2026-02", "2026-03", "2026-04"):
        b.deal("mover", "1000", f"{month}-01", units=Decimal(1))
    return b.company


@pytest.fixture(scope="module", params=[calculate_all, pipeline_all], ids=["reference", "pipeline"])
def marts(request: pytest.FixtureRequest) -> Marts:
    """What either side computes of the company."""
    found: Marts = request.param(_company())
    return found


def _months(marts: Marts, mart: str, employee_id: str) -> set[str]:
    return {row["period"] for row in marts[mart] if row["employee_id"] == employee_id}


@pytest.mark.parametrize("mart", MARTS)
@pytest.mark.parametrize("employee_id", ["always", "in_march"])
def test_a_month_that_plan_and_role_share(marts: Marts, mart: str, employee_id: str) -> None:
    """The plan is in force in March only, or the role is held in March only."""
    assert _months(marts, mart, employee_id) == {"2026-03"}


@pytest.mark.parametrize("employee_id", ["always", "in_march"])
def test_every_kind_of_component_pays_for_the_month(marts: Marts, employee_id: str) -> None:
    """A floor of 31.00, 10 % of 3,100.00, the contribution of 500.00 (which needs no score here), no draw above it."""
    lines = lines_of(marts, employee_id=employee_id)
    paid = {line["component"]: line["amount"] for line in lines}
    assert (paid["cap"], paid["growth_bonus"], paid["contribution"]) == (31, 310, 500)
    assert len(paid) == len(lines)


@pytest.mark.parametrize("mart", MARTS)
@pytest.mark.parametrize("employee_id", ["early", "late"])
def test_days_that_touch_are_no_day_in_common(marts: Marts, mart: str, employee_id: str) -> None:
    """The role ends on the day on which the plan begins, or begins on the day on which it ends."""
    assert _months(marts, mart, employee_id) == set()


def test_a_cap_over_a_department_is_for_the_month_in_it(marts: Marts) -> None:
    lines = lines_of(marts, employee_id="mover", component="cap")
    assert [(line["period"], line["amount"]) for line in lines] == [("2026-03", -40)]
