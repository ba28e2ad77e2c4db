"""Bad input of scorecards: a load error that names the place, or a row that says why.

course nobody delivers ─▶ load error, nothing is computed
weights, target of zero ─▶ load error
KPI without data, delivered target of zero ─▶ no_data with its reason, the weight passes to the others
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from compensation.source.errors import PlanErrors
from tests.reference.company import Company
from tests.support.plan_sets import load_plan_dicts
from tests.support.rng import local
from tests.support.warehouse import Warehouse

D = Decimal
Row = dict[str, Any]


def kpi(kpi_id: str, weight: str, target: str = "1", group: str = "business", **more: Any) -> Row:
    return {"kpi": kpi_id, "group": group, "weight": D(weight), "target": D(target), **more}


def plan(*kpis: Row) -> Row:
    management = kpi("service_rating", "100", "9", "management")
    card = {"type": "scorecard", "kpis": [*kpis, management]}
    return {
        "plan_id": "card",
        "valid_from": date(2026, 1, 1),
        "applies_to": {"departments": ["marketing"]},
        "components": [card],
    }


def company(**rows: list[Row]) -> Company:
    person = {
        "employee_id": "E1",
        "name": "Ann",
        "department": "marketing",
        "bonus_base": D("5000.00"),
        "hire_date": date(2025, 1, 1),
    }
    inputs = [
        {"input_id": f"I{number}", "employee_id": "E1", "submitted_at": local(date(2026, 10, 5))}
        for number in range(2)
    ]
    rating = {"rating_id": "G1", "employee_id": "E1", "rated_at": local(date(2026, 10, 6)), "rating": D("9")}
    found: dict[str, Any] = {
        "employees": [person],
        "product_inputs": inputs,
        "service_ratings": [rating],
        **rows,
    }
    return Company(as_of=local(date(2026, 10, 31)), **found)


@pytest.fixture(scope="module")
def items() -> dict[str, Row]:
    """Items of a card with a KPI nobody observes and one whose delivered target is zero."""
    plans = load_plan_dicts(
        [
            plan(
                kpi("product_inputs", "50", "2"),
                kpi("parent_feedback", "20", "9"),
                kpi("valid_visits", "30", "5"),
            )
        ]
    )
    target = {"employee_id": "E1", "kpi_id": "valid_visits", "period": "2026-10", "target": D(0)}
    warehouse = Warehouse()
    warehouse.compute(company(targets=[target]), plans, ["fct_scorecard_items", "fct_scorecards"])
    rows = {row["kpi_id"]: row for row in warehouse.rows("fct_scorecard_items") if row["period"] == "2026-10"}
    (card,) = [row for row in warehouse.rows("fct_scorecards") if row["period"] == "2026-10"]
    return rows | {"card": card}


def test_a_kpi_without_data_is_a_row_that_says_so(items: dict[str, Row]) -> None:
    item = items["parent_feedback"]
    assert (item["status"], item["reason"], item["score"]) == ("no_data", "no_data", None)


def test_a_delivered_target_of_zero_is_a_row_that_says_so(items: dict[str, Row]) -> None:
    item = items["valid_visits"]
    shown = (item["status"], item["reason"], item["attainment"], item["is_reached"])
    assert shown == ("no_data", "zero_target", None, False)


def test_the_weight_of_both_passes_to_the_others(items: dict[str, Row]) -> None:
    assert (items["card"]["business_score"], items["card"]["total_score"]) == (D(100), D(100))


@pytest.mark.parametrize(
    ("kpis", "said"),
    [
        ([kpi("product_inputs", "50"), kpi("valid_visits", "49")], "weights of group business add up to 99"),
        ([kpi("product_inputs", "100", "0")], "target"),
        ([kpi("product_input", "100")], "is an unknown KPI 'product_input'"),
    ],
    ids=["weights", "target of zero", "unknown KPI"],
)
def test_a_plan_that_cannot_be_right_does_not_load(kpis: list[Row], said: str) -> None:
    with pytest.raises(PlanErrors, match=said):
        load_plan_dicts([plan(*kpis)])


def test_a_course_nobody_delivers_does_not_load_once_courses_are_known() -> None:
    linked = plan(kpi("product_inputs", "100", training={"course": "C-SELLS"}))
    with pytest.raises(PlanErrors, match="is an unknown course 'C-SELLS'"):
        load_plan_dicts([linked]).require_courses({"C-SALES"})
