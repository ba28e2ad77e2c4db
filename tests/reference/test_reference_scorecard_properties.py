"""What must hold for every scorecard (rulebook 0, 9, 16), on random companies of one month."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference.kpis_base import Facts
from tests.reference.kpis_examples import assignment, at, facts_of
from tests.reference.kpis_values import kpi_values
from tests.reference.reports_suggestions import suggestions
from tests.reference.scorecard_cards import all_cards, bonus_amounts, bonus_lines, card_rows, item_rows
from tests.reference.scorecard_plan import CardKpi, Course, ScorecardPlan, ServiceBonus

D = Decimal
PEOPLE = ("E1", "E2", "E3")
IDS = ("a", "b", "c", "d")
DAYS = st.integers(1, 28)


@st.composite
def plans(draw: st.DrawFn) -> ScorecardPlan:
    """A plan of two KPIs in each group with random settings."""
    kpis: list[CardKpi] = []
    for number, kpi_id in enumerate(IDS):
        weight = draw(st.integers(1, 99)) if number % 2 == 0 else 100 - int(kpis[-1].weight)
        course = draw(st.sampled_from([None, Course("C"), Course("C", is_gate=False, bonus="exam_pct")]))
        kpis.append(
            CardKpi(
                kpi_id,
                "business" if number < 2 else "management",
                D(weight),
                D(draw(st.integers(1, 30))),
                draw(st.sampled_from(["higher", "lower"])),
                draw(st.sampled_from(["ratio", "threshold", "pass_fail"])),
                course=course,
            )
        )
    return ScorecardPlan(
        "p",
        tuple(kpis),
        excluded_policy=draw(st.sampled_from(["zero", "redistribute"])),
        violation_mode=draw(st.sampled_from(["linear", "compounding"])),
        service_bonus=draw(st.sampled_from([None, ServiceBonus(("c", "d"))])),
    )


@st.composite
def rows_of(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Observations, exams and violations of three people in October."""
    tables: dict[str, list[dict[str, Any]]] = {"kpi_observations": [], "course_results": []}
    tables["policy_violations"] = []
    for person in PEOPLE:
        for kpi_id in draw(st.lists(st.sampled_from(IDS), unique=True)):
            row: dict[str, Any] = {"employee_id": person, "kpi_id": kpi_id, "period": "2026-10"}
            below = draw(st.none() | st.integers(0, 7).map(Decimal))
            row |= {"numerator": D(draw(st.integers(-5, 60))), "denominator": below}
            tables["kpi_observations"].append(row)
        if draw(st.booleans()):
            passed = {
                "employee_id": person,
                "course_id": "C",
                "completed_at": at("2026-10-09"),
                "passed": True,
            }
            tables["course_results"].append(passed | {"exam_score": D(draw(st.integers(0, 100)))})
        for day in draw(st.lists(DAYS, max_size=3)):
            row = {
                "employee_id": person,
                "occurred_on": at(f"2026-10-{day:02d}").date(),
                "rectified_on": None,
            }
            tables["policy_violations"].append(row)
    return tables


def company(
    tables: dict[str, list[dict[str, Any]]], plan: ScorecardPlan, *, backwards: bool = False
) -> Facts:
    """Facts of the three people, in one order of rows or the other."""
    people = {"int_assignments": [assignment(name) for name in PEOPLE]}
    step = -1 if backwards else 1
    return facts_of({name: rows[::step] for name, rows in (people | tables).items()}, plan)


def everything(facts: Facts) -> list[Any]:
    """All marts of sections 8, 9 and the suggestions."""
    cards = all_cards(facts)
    return [
        kpi_values(facts),
        item_rows(cards),
        card_rows(facts, cards),
        bonus_lines(cards),
        suggestions(facts, cards),
    ]


@settings(max_examples=60, deadline=None)
@given(rows_of(), plans())
def test_the_order_of_rows_changes_nothing(
    tables: dict[str, list[dict[str, Any]]], plan: ScorecardPlan
) -> None:
    assert everything(company(tables, plan)) == everything(company(tables, plan, backwards=True))


@settings(max_examples=120, deadline=None)
@given(rows_of(), plans())
def test_scores_stay_in_their_bounds(tables: dict[str, list[dict[str, Any]]], plan: ScorecardPlan) -> None:
    facts = company(tables, plan)
    cards = all_cards(facts)
    for row in item_rows(cards):
        assert row["score"] is None or 0 <= row["score"] <= plan.score_cap
        assert row["is_counted"] or row["status"] in {"no_data", "excluded"}
        assert (row["reason"] is None) == (row["status"] == "scored")
    for row in card_rows(facts, cards):
        scores = (row["business_score"], row["management_score"])
        assert all(score is None or 0 <= score <= 125 for score in scores)
        assert (row["total_score"] is None) == (None in scores)
        assert (row["rank"] is None) == (row["grade"] is None) == (row["total_score"] is None)


@settings(max_examples=120, deadline=None)
@given(rows_of(), plans())
def test_the_bonus_is_the_total_score_of_the_base_to_the_fen(
    tables: dict[str, list[dict[str, Any]]], plan: ScorecardPlan
) -> None:
    for card in all_cards(company(tables, plan)):
        amounts = bonus_amounts(card, card.scores)
        if card.scores.total is None:
            assert amounts == {}
        else:
            # two roundings of half a fen, and half of the last place of the total on 5,000
            assert abs(sum(amounts.values()) - card.scores.total / 100 * 5000) <= D("0.0125")


@settings(max_examples=120, deadline=None)
@given(rows_of(), plans())
def test_reaching_a_target_never_costs_money(
    tables: dict[str, list[dict[str, Any]]], plan: ScorecardPlan
) -> None:
    facts = company(tables, plan)
    rows = suggestions(facts, all_cards(facts))
    for row in rows:
        if row["kind"] in {"reach_target", "pass_exam"}:
            assert row["money_gain"] >= 0
            assert row["points_gain"] is None or row["points_gain"] >= 0
    for person in PEOPLE:
        own = [row for row in rows if row["employee_id"] == person]
        assert [row["ordinal"] for row in own] == list(range(1, len(own) + 1))
        gains = [row["money_gain"] for row in own]
        assert gains == sorted(gains, reverse=True)
