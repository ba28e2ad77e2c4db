"""KPIs, growth, process bonuses and scorecards where there are several of them: two in one plan, one in each of two.

All of it is one company, computed once by either side; every department has a plan of its own.
Belongs here: months and quarters of KPIs, growth on KPIs, what must not be mixed up between plans. Does not belong
here: the figures of one card (golden cases).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.reference.builders import Builder, amounts, at, lines_of, plan
from tests.reference.calculate import Marts
from tests.reference.company import Company
from tests.reference.kpis_company import calculate_all
from tests.support.pipeline import pipeline_all

Row = dict[str, Any]
BASE = Decimal(8000)
MARKETERS = ("process", "other_process", "process_of_first", "process_of_second")


def _plan(plan_id: str, *components: Row, departments: tuple[str, ...] | None = None, **head: Any) -> Row:
    """A plan that leaves the rules of credit to the first plan."""
    head = {"crediting": None} | head
    return plan(*components, plan_id=plan_id, departments=departments or (plan_id,), **head)


def _card(*business: Row, **more: Any) -> Row:
    """A scorecard of some business KPIs and the service rating."""
    share = Decimal(100) / len(business)
    kpis = [{"group": "business", "weight": share} | kpi for kpi in business]
    rating = {"kpi": "service_rating", "group": "management", "weight": 100, "target": 10}
    return {"type": "scorecard", "kpis": [*kpis, rating], **more}


def _grades(best: str, start: int = 50) -> list[Row]:
    return [{"grade": best, "from": start}, {"grade": "low", "from": 0}]


def _task(target: int) -> Row:
    items = [{"measure": "units", "weight": 10, "target": target}]
    return {"type": "task", "templates": dict.fromkeys(("maintainer", "developer", "unprofiled"), items)}


def _growth(component_id: str, **more: Any) -> Row:
    return {"type": "growth_bonus", "id": component_id, "basis": "measure", **more}


ON_RATING: Row = {"measure": "service_rating", "basis": "bonus_base"}
INPUTS: Row = {"kpi": "product_inputs", "target": 10}
PLANS = [
    _plan(
        "quarterly",
        _card({"kpi": "new_customers", "target": 2, "frequency": "quarter"}),
        crediting={"deal_source": {"origination_departments": ["marketing", *MARKETERS]}},
    ),
    _plan(
        "attained",
        _card(
            {"kpi": "sales_amount_attainment", "target": 1},
            {"kpi": "sales_volume_attainment", "target": 1},
        ),
    ),
    _plan("on_rating", _growth("growth", **ON_RATING)),
    _plan("on_rating_too", _growth("growth", **ON_RATING)),
    _plan("increment", _growth("growth", basis="bonus_base", on="increment_only")),
    _plan("two_growths", _growth("amount"), _growth("number", measure="units", base_rate="0.5")),
    _plan("growth_of_first", _growth("growth", award="best")),
    _plan("growth_of_second", _growth("growth", base_rate="0.3", award="best")),
    _plan(
        "two_processes",
        {"type": "process_bonus", "id": "a", "target": 1, "departments": ["process"]},
        {"type": "process_bonus", "id": "b", "target": 1, "bonus": 700, "departments": ["other_process"]},
        departments=("process", "other_process"),
    ),
    _plan("process_of_first", {"type": "process_bonus", "target": 1}),
    _plan("process_of_second", {"type": "process_bonus", "target": 2}),
    _plan(
        "two_cards",
        _card(INPUTS, id="one", departments=["card_one"], grades=_grades("one")),
        _card(INPUTS, id="other", departments=["card_other"], grades=_grades("other", 55)),
        departments=("card_one", "card_other"),
    ),
    _plan("task_of_first", _task(1)),
    _plan("task_of_second", _task(2)),
    _plan("card_of_first", _card(INPUTS, grades=_grades("first"))),
    _plan("card_of_second", _card(INPUTS, grades=_grades("second", 55))),
]


def _company() -> Company:
    b = Builder(*PLANS, as_of="2026-12-31T23:00")
    b.employee("quarterly", "quarterly")
    for day in ("2026-02-05", "2026-05-05", "2026-08-05", "2026-11-05"):
        b.deal("quarterly", "100", day)
    b.deal(b.employee("attained", "attained"), "900", "2026-03-05", units=Decimal(8))
    b.target("attained", "sales_amount_attainment", "2026-03", "1000")
    b.target("attained", "sales_volume_attainment", "2026-03", "10")
    _ratings(b, "rated", {"2026-01": 6, "2026-02": 6, "2026-03": 6, "2026-04": 9})
    _ratings(b, "unrated", {"2026-01": 8, "2026-03": 10, "2026-04": 9})
    b.employee("increment", "increment", bonus_base=BASE)
    for day in ("2026-01-05", "2026-02-05", "2026-03-05"):
        b.deal("increment", "1000", day)
    b.deal(b.employee("grown", "two_growths"), "1000", "2026-01-05", units=Decimal(1))
    _mover(b, "growths", ("growth_of_first", "growth_of_second"))
    b.deal("growths", "1000", "2026-01-05")
    for employee_id in ("process", "other_process"):
        _visit_and_deal(b, b.employee(employee_id, employee_id))
    _mover(b, "processes", ("process_of_first", "process_of_second"))
    _visit_and_deal(b, "processes")
    for employee_id in ("card_one", "card_other"):
        _submit_and_rate(b, b.employee(employee_id, employee_id))
    _mover(b, "tasks", ("task_of_first", "task_of_second"), month=5)
    _mover(b, "both_cards", ("card_one", "card_other"))
    _submit_and_rate(b, "both_cards")
    _mover(b, "cards", ("card_of_first", "card_of_second"))
    _submit_and_rate(b, "cards")
    return b.company


def _rating(b: Builder, employee_id: str, day: str, rating: int) -> None:
    row = {"rating_id": f"G{len(b.company.service_ratings)}", "employee_id": employee_id}
    b.company.service_ratings.append(row | {"rated_at": at(day), "rating": Decimal(rating)})


def _ratings(b: Builder, employee_id: str, ratings: dict[str, int]) -> None:
    """Someone whose growth on the service rating is paid on a bonus base of 8,000."""
    b.employee(employee_id, "on_rating", bonus_base=BASE)
    for month, rating in ratings.items():
        _rating(b, employee_id, f"{month}-10", rating)


def _mover(b: Builder, employee_id: str, departments: tuple[str, str], month: int = 1) -> None:
    """Someone who changes from one department to the other on the 16th of a month."""
    b.employee(employee_id, departments[0])
    day = date(2026, month, 16)
    for department, first, last in ((departments[0], date(2024, 1, 1), day), (departments[1], day, None)):
        row = {"employee_id": employee_id, "department": department, "valid_from": first, "valid_to": last}
        b.company.employee_assignments.append(row)


def _visit_and_deal(b: Builder, employee_id: str) -> None:
    """One lead of January that visits and signs."""
    customer = b.customer()
    lead = b.lead(customer, employee_id, "2026-01-05")
    b.visit("2026-01-06", lead_id=lead)
    b.deal("attained", "100", "2026-01-07", customer)


def _submit_and_rate(b: Builder, employee_id: str) -> None:
    """Six of ten product inputs and a rating of six in January: 60 points."""
    _rating(b, employee_id, "2026-01-10", 6)
    for _ in range(6):
        row = {"input_id": f"I{len(b.company.product_inputs)}", "employee_id": employee_id}
        b.company.product_inputs.append(row | {"submitted_at": at("2026-01-10"), "adopted_at": None})


@pytest.fixture(scope="module", params=[calculate_all, pipeline_all], ids=["reference", "pipeline"])
def marts(request: pytest.FixtureRequest) -> Marts:
    """What either side computes of the company."""
    found: Marts = request.param(_company())
    return found


def test_a_quarterly_kpi_is_scored_in_the_last_month_of_each_quarter(marts: Marts) -> None:
    """One new customer of two a quarter."""
    items = [row for row in marts["fct_scorecard_items"] if row["employee_id"] == "quarterly"]
    scores = {row["period"]: row["score"] for row in items if row["kpi_id"] == "new_customers"}
    scored = {period: score for period, score in scores.items() if score is not None}
    assert len(scores) == 12
    assert scored == {"2026-03": 50, "2026-06": 50, "2026-09": 50, "2026-12": 50}


def test_a_delivered_target_is_part_of_the_attainment_and_no_second_target(marts: Marts) -> None:
    """900 of 1,000 and 8 of 10."""
    items = [row for row in marts["fct_scorecard_items"] if row["employee_id"] == "attained"]
    scores = {row["kpi_id"]: row["score"] for row in items if row["period"] == "2026-03"}
    assert (scores["sales_amount_attainment"], scores["sales_volume_attainment"]) == (90, 80)


def test_growth_on_a_kpi_is_paid(marts: Marts) -> None:
    """9 after 6: 50 % growth, 20 % of 8,000."""
    assert amounts(marts, employee_id="rated", period="2026-04") == [1600]


def test_a_month_without_data_leaves_no_baseline(marts: Marts) -> None:
    """8, nothing, 10: growth is not known, 10 % of 8,000."""
    assert amounts(marts, employee_id="unrated", period="2026-04") == [800]


def test_no_sales_have_no_part_above_the_baseline(marts: Marts) -> None:
    assert amounts(marts, employee_id="increment", period="2026-04") == []


def test_each_of_two_growth_bonuses_has_its_own_rule(marts: Marts) -> None:
    """10 % of 1,000 and 50 % of one unit."""
    lines = lines_of(marts, employee_id="grown", period="2026-01")
    assert sorted((line["component_id"], line["amount"]) for line in lines) == [
        ("amount", Decimal("100.00")),
        ("number", Decimal("0.50")),
    ]


def test_growth_bonuses_of_two_plans_with_one_id_are_two_bonuses(marts: Marts) -> None:
    lines = lines_of(marts, employee_id="growths", period="2026-01")
    assert sorted((line["plan_id"], line["amount"]) for line in lines) == [
        ("growth_of_first", 100),
        ("growth_of_second", 300),
    ]


@pytest.mark.parametrize(("employee_id", "bonus"), [("process", 1000), ("other_process", 700)])
def test_each_of_two_process_bonuses_has_its_own_rule(marts: Marts, employee_id: str, bonus: int) -> None:
    assert amounts(marts, employee_id=employee_id, component="process_bonus") == [bonus]


def test_process_bonuses_of_two_plans_with_one_id_are_two_bonuses(marts: Marts) -> None:
    """One visit: the target of the first plan, not that of the second."""
    lines = lines_of(marts, employee_id="processes", component="process_bonus")
    assert [(line["plan_id"], line["amount"]) for line in lines] == [("process_of_first", 1000)]


def test_tasks_of_two_plans_are_two_tasks(marts: Marts) -> None:
    rows = [
        row
        for row in marts["fct_task_results"]
        if row["employee_id"] == "tasks" and row["period"] == "2026-05"
    ]
    assert sorted(row["target"] for row in rows) == [1, 2]


def test_each_card_has_its_own_grades(marts: Marts) -> None:
    """60 points on each card of January."""
    cards = [
        row for row in marts["fct_scorecards"] if row["period"] == "2026-01" and row["total_score"] == 60
    ]
    found = sorted((row["employee_id"], row["plan_id"], row["grade"]) for row in cards)
    assert found == [
        ("both_cards", "two_cards", "one"),
        ("both_cards", "two_cards", "other"),
        ("card_one", "two_cards", "one"),
        ("card_other", "two_cards", "other"),
        ("cards", "card_of_first", "first"),
        ("cards", "card_of_second", "second"),
    ]
