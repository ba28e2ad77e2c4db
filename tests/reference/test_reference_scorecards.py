"""Scorecards of rulebook 9 in the reference: statuses, methods, training, groups, totals, bonus."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.reference.kpis_base import Period, ratio, total
from tests.reference.kpis_examples import (
    LAST_MOMENT,
    NEXT_MONTH,
    NOON,
    OCTOBER,
    Tables,
    assignment,
    at,
    facts_of,
)
from tests.reference.scorecard_cards import (
    Card,
    all_cards,
    bonus_lines,
    card_rows,
    item_rows,
    score_card,
)
from tests.reference.scorecard_items import make_item
from tests.reference.scorecard_plan import CardKpi, Course, ScorecardPlan, ServiceBonus

D = Decimal


def observed(**values: str) -> Tables:
    """Observed values of E1 in October."""
    row = {"employee_id": "E1", "period": "2026-10", "denominator": None}
    rows = [row | {"kpi_id": name, "numerator": D(value)} for name, value in values.items()]
    return {"kpi_observations": rows}


def plan_of(**given: Any) -> ScorecardPlan:
    """Two business KPIs (70/30) and one management KPI."""
    kpis = (
        CardKpi("a", "business", D(70), D(10)),
        CardKpi("b", "business", D(30), D(10)),
        CardKpi("m", "management", D(100), D(10)),
    )
    return ScorecardPlan("p", **({"kpis": kpis} | given))


def result(attempt: str, **given: Any) -> dict[str, Any]:
    """A passed exam of E1 with 95."""
    row = {"employee_id": "E1", "course_id": "C", "completed_at": at(attempt), "passed": True}
    return row | {"exam_score": D(95)} | given


def item_of(kpi: CardKpi, value: str | None = None, tables: Tables | None = None, **plan: Any) -> Any:
    """One item from a value."""
    figure = ratio(0, 0) if value is None else total(D(value))
    facts = facts_of(tables or {})
    return make_item(facts, ScorecardPlan("p", (kpi,), **plan), kpi, "E1", OCTOBER, figure)


def card_of(tables: Tables, plan: ScorecardPlan) -> tuple[Card, dict[str, Any]]:
    """The only card of E1 with its row."""
    facts = facts_of(tables, plan)
    (card,) = [card for card in all_cards(facts) if card.employee_id == "E1"]
    (row,) = [row for row in card_rows(facts, all_cards(facts)) if row["employee_id"] == "E1"]
    return card, row


@pytest.mark.parametrize(
    ("method", "value", "expected"),
    [
        ("ratio", "9", 90),
        ("ratio", "15", 120),
        ("ratio", "-1", 0),
        ("threshold", "10", 100),
        ("threshold", "15", 100),
        ("threshold", "9.999999", "94.99999"),
        ("threshold", "0.4", 0),
        ("pass_fail", "10", 100),
        ("pass_fail", "9.999999", 0),
    ],
)
def test_scoring_methods(method: str, value: str, expected: int | str) -> None:
    item = item_of(CardKpi("a", "business", D(100), D(10), method=method), value)
    assert item.score == pytest.approx(D(expected), abs=D("0.0001"))
    assert item.status == "scored"


def test_lower_is_better_divides_the_target_by_the_value() -> None:
    kpi = CardKpi("a", "business", D(100), D(10), "lower")
    assert [item_of(kpi, value).score for value in ("20", "10", "9", "8", "0")] == [
        50,
        100,
        D("111.1111"),
        120,
        120,
    ]
    assert [item_of(kpi, value).is_reached for value in ("10", "10.000001")] == [True, False]


GATED = CardKpi("a", "business", D(100), D(10), course=Course("C"))


@pytest.mark.parametrize(("policy", "score"), [("zero", 0), ("redistribute", None)])
def test_a_course_not_completed_excludes_even_without_data(policy: str, score: int | None) -> None:
    for value in ("9", None):
        item = item_of(GATED, value, excluded_policy=policy)
        assert (item.status, item.reason, item.score) == ("excluded", "course_not_completed", score)


@pytest.mark.parametrize(("moment", "status"), [(LAST_MOMENT, "scored"), (NEXT_MONTH, "excluded")])
def test_a_course_counts_from_the_month_of_its_completion(moment: Any, status: str) -> None:
    tables = {"course_results": [result("2026-10-01", completed_at=moment, passed=False)]}
    assert item_of(GATED, "9", tables).status == status


def test_a_breach_excludes_and_missing_data_redistributes() -> None:
    kpi = CardKpi("competitor_response", "management", D(100), D(1))
    plan = ScorecardPlan("p", (kpi,))
    breach: Any = make_item(facts_of({}), plan, kpi, "E1", OCTOBER, ratio(1, 2, "breach"))
    assert (breach.status, breach.reason, breach.score) == ("excluded", "breach", 0)
    empty = make_item(facts_of({}), plan, kpi, "E1", OCTOBER, ratio(0, 0))
    assert (empty.status, empty.reason, empty.score) == ("no_data", "no_data", None)


def test_a_quarterly_item_is_scored_in_the_last_month_only() -> None:
    kpi = CardKpi("a", "business", D(100), D(10), frequency="quarter")
    plan = ScorecardPlan("p", (kpi,))
    statuses = [
        make_item(facts_of({}), plan, kpi, "E1", Period(2026, month), total(9)).status
        for month in range(10, 13)
    ]
    assert statuses == ["no_data", "no_data", "scored"]


@pytest.mark.parametrize(
    ("course", "results", "bonus"),
    [
        (Course("C", bonus="flat"), [result("2026-10-01")], 5),
        (Course("C", bonus="flat"), [result("2026-10-01", passed=False)], 0),
        (
            Course("C", bonus="exam_pct"),
            [result("2026-10-01"), result("2026-09-01", exam_score=D(60))],
            D("9.5"),
        ),
        (Course("C", bonus="exam_pct"), [result("2026-10-01", exam_score=None)], 0),
        (Course("C", bonus="none"), [result("2026-10-01")], 0),
        (Course("C", is_gate=False, bonus="flat"), [], 0),
    ],
)
def test_training_bonus(course: Course, results: list[dict[str, Any]], bonus: Decimal | int) -> None:
    item = item_of(CardKpi("a", "business", D(100), D(10), course=course), "8.8", {"course_results": results})
    assert (item.base_score, item.training_bonus, item.score) == (88, bonus, 88 + bonus)


def test_the_score_after_the_bonus_has_a_cap() -> None:
    kpi = CardKpi("a", "business", D(100), D(10), course=Course("C", bonus="flat"))
    item = item_of(kpi, "11.8", {"course_results": [result("2026-10-01")]})
    assert (item.base_score, item.score) == (118, 120)


def test_groups_and_total() -> None:
    _, row = card_of(observed(a="9", b="6", m="8"), plan_of())
    assert (row["business_score"], row["management_score"]) == (81, 80)
    assert (row["total_score"], row["grade"], row["rank"]) == (D("80.6"), "B", 1)


def test_no_data_hands_its_weight_on_and_excluded_counts_as_zero() -> None:
    assert card_of(observed(a="9", m="8"), plan_of())[1]["business_score"] == 90
    gated = CardKpi("b", "business", D(30), D(10), course=Course("C"))
    first, _, last = plan_of().kpis
    kpis = (first, gated, last)
    assert card_of(observed(a="9", b="9", m="8"), plan_of(kpis=kpis))[1]["business_score"] == 63
    redistributed = plan_of(kpis=kpis, excluded_policy="redistribute")
    assert card_of(observed(a="9", b="9", m="8"), redistributed)[1]["business_score"] == 90


def test_a_group_without_any_scored_kpi_has_no_total_and_no_bonus() -> None:
    card, row = card_of(observed(a="9"), plan_of())
    assert (row["management_score"], row["total_score"], row["grade"], row["rank"]) == (None,) * 4
    assert row["reason"] == "no_scored_kpi"
    assert bonus_lines([card]) == []


def test_a_group_without_weight_is_left_out() -> None:
    plan = plan_of(group_weights={"business": D(100), "management": D(0)})
    card, row = card_of(observed(a="9", b="9"), plan)
    assert row["total_score"] == 90
    assert [line["component"] for line in bonus_lines([card])] == ["bonus_business"]


@pytest.mark.parametrize(
    ("mode", "count", "expected"),
    [("linear", 1, 72), ("linear", 3, 56), ("linear", 11, 0), ("compounding", 3, D("58.32"))],
)
def test_violations_cut_the_management_score(mode: str, count: int, expected: Decimal | int) -> None:
    rows = [{"employee_id": "E1", "occurred_on": date(2026, 10, 31), "rectified_on": None}] * count
    rows += [{"employee_id": "E1", "occurred_on": date(2026, 11, 1), "rectified_on": None}]
    tables = observed(a="9", m="8") | {"policy_violations": rows}
    _, row = card_of(tables, plan_of(violation_mode=mode))
    assert (row["violations"], row["management_score"], row["business_score"]) == (count, expected, 90)


def test_the_service_bonus_comes_before_the_violations() -> None:
    plan = plan_of(service_bonus=ServiceBonus(("m", "b")))
    violation = {"employee_id": "E1", "occurred_on": date(2026, 10, 1), "rectified_on": None}
    tables = observed(a="9", b="10", m="10") | {"policy_violations": [violation]}
    assert card_of(tables, plan)[1]["management_score"] == D("94.5")
    assert card_of(observed(a="9", b="9", m="10"), plan)[1]["management_score"] == 100


@pytest.mark.parametrize(
    ("day", "rectified", "eligible"),
    [
        (date(2026, 1, 1), None, False),
        (date(2026, 1, 1), date(2026, 12, 31), True),
        (date(2025, 12, 31), None, True),
        (date(2026, 11, 1), None, True),
    ],
)
def test_the_annual_award_needs_every_violation_of_the_year_rectified(
    day: date, rectified: date | None, eligible: bool
) -> None:
    violation = {"employee_id": "E1", "occurred_on": day, "rectified_on": rectified}
    _, row = card_of(observed(a="9", m="8") | {"policy_violations": [violation]}, plan_of())
    assert row["annual_award_eligible"] is eligible


@pytest.mark.parametrize(("score", "grade"), [("90", "A"), ("89.9999", "B"), ("60", "C"), ("0", "D")])
def test_grades_begin_at_their_lowest_score(score: str, grade: str) -> None:
    value = str(D(score) / 10)
    assert card_of(observed(a=value, b=value, m=value), plan_of())[1]["grade"] == grade


def test_ranks_are_within_the_department_and_ties_share_one() -> None:
    people = [assignment(name) for name in ("E1", "E2", "E3")] + [assignment("E4", department="sales")]
    rows = [
        {
            "employee_id": person,
            "kpi_id": kpi,
            "period": "2026-10",
            "numerator": D(value),
            "denominator": None,
        }
        for person, value in {"E1": 9, "E2": 9, "E3": 8, "E4": 5}.items()
        for kpi in ("a", "m")
    ]
    facts = facts_of({"int_assignments": people, "kpi_observations": rows}, plan_of())
    ranks = {row["employee_id"]: row["rank"] for row in card_rows(facts, all_cards(facts))}
    assert ranks == {"E1": 1, "E2": 1, "E3": 3, "E4": 1}


def test_a_change_of_department_gives_one_card_per_plan_each_with_its_days() -> None:
    people = [
        assignment(valid_to=date(2026, 10, 11)),
        assignment(department="sales", valid_from=date(2026, 10, 11)),
    ]
    plans = (plan_of(departments=("marketing",)), ScorecardPlan("s", plan_of().kpis, departments=("sales",)))
    facts = facts_of({"int_assignments": people} | observed(a="9", b="9", m="8"), *plans)
    rows = card_rows(facts, all_cards(facts))
    assert [(row["plan_id"], row["days_in_role"], row["total_score"]) for row in rows] == [
        ("p", 10, 86),
        ("s", 21, 86),
    ]
    amounts = [line["amount"] for line in bonus_lines(all_cards(facts))]
    # 5,000 x 10/31 = 1,612.90…: 90 x 60 % and 80 x 40 %; 5,000 x 21/31 the same
    assert amounts == [D("870.97"), D("516.13"), D("1829.03"), D("1083.87")]


def test_different_bases_inside_one_card_are_weighed_by_days() -> None:
    people = [
        assignment(valid_to=date(2026, 10, 11)),
        assignment(valid_from=date(2026, 10, 11), bonus_base=D(8100)),
    ]
    facts = facts_of({"int_assignments": people} | observed(a="10", b="10", m="10"), plan_of())
    lines = bonus_lines(all_cards(facts))
    assert [line["basis_amount"] for line in lines] == [D("7100.00")] * 2
    assert sum(line["amount"] for line in lines) == D("7100.00")


def test_items_show_what_was_counted() -> None:
    card, _ = card_of(observed(a="9", m="8"), plan_of())
    rows = {row["kpi_id"]: (row["status"], row["score"], row["is_counted"]) for row in item_rows([card])}
    assert rows == {"a": ("scored", 90, True), "b": ("no_data", None, False), "m": ("scored", 80, True)}


def test_scoring_a_card_again_gives_the_same() -> None:
    card, _ = card_of(observed(a="9", b="7", m="8"), plan_of())
    assert score_card(card.plan, card.items, card.violations) == card.scores
    assert card.period.contains(NOON.date())
