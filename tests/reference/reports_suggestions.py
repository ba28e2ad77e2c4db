"""Improvement suggestions (rulebook 13): what it would take, the points and the money it brings.

Belongs here: rows of `rpt_suggestions` that come from scorecards, and the order of all. Texts and
the side of commission (`reports_counterfactuals.py`) do not belong here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from tests.reference.kpis_base import Facts, rounded
from tests.reference.scorecard_cards import Card, bonus_amounts, score_card
from tests.reference.scorecard_items import FULL, ZERO, Item, capped, has_passed, make_item, training_bonus


@dataclass(frozen=True)
class Change:
    """One item of a card changed to what it could be."""

    kind: str
    item: Item
    gap: Decimal | None


def gap_of(item: Item) -> Decimal | None:
    """Distance of the value to the target, in the KPI's unit."""
    if item.figure.value is None or item.target is None:
        return None
    missing = item.target - item.figure.value
    return rounded(max(-missing if item.kpi.direction == "lower" else missing, Decimal(0)), 6)


def _reach_target(facts: Facts, card: Card, item: Item) -> Change | None:
    """Rule: "for each KPI what it would take to reach the target"."""
    open_item = item.status == "scored" and not item.is_reached
    if not open_item and item.reason != "breach":
        return None
    bonus = training_bonus(facts, card.employee_id, item.kpi.course, card.period)
    reached = replace(
        item,
        status="scored",
        reason=None,
        is_reached=True,
        base_score=FULL,
        training_bonus=bonus,
        score=capped(card.plan, FULL, bonus),
    )
    return Change("reach_target", reached, gap_of(item))


def _complete_course(facts: Facts, card: Card, item: Item) -> Change | None:
    """The linked course completed: the item without its gate."""
    if item.reason != "course_not_completed":
        return None
    free = make_item(facts, card.plan, item.kpi, card.employee_id, card.period, item.figure, ignore_gate=True)
    return Change("complete_course", free, None)


def _pass_exam(facts: Facts, card: Card, item: Item) -> Change | None:
    """The linked exam passed (with full marks where the score counts)."""
    course = item.kpi.course
    if item.status != "scored" or course is None or course.bonus == "none" or item.base_score is None:
        return None
    if has_passed(facts, card.employee_id, course, card.period):
        return None
    bonus = course.points if course.bonus == "flat" else rounded(100 * course.exam_rate, 4)
    score = capped(card.plan, item.base_score, bonus)
    if score <= (item.score or ZERO):
        return None
    return Change("pass_exam", replace(item, training_bonus=bonus, score=score), None)


def changes(facts: Facts, card: Card, item: Item) -> list[Change]:
    """All changes of one item."""
    found = (rule(facts, card, item) for rule in (_reach_target, _complete_course, _pass_exam))
    return [change for change in found if change is not None]


def suggestion(card: Card, item: Item, change: Change) -> dict[str, Any]:
    """One row: the card is computed again with the changed item and nothing else changed."""
    items = [change.item if other is item else other for other in card.items]
    scores = score_card(card.plan, items, card.violations)
    now, then = card.scores.total, scores.total
    before = sum(bonus_amounts(card, card.scores).values(), Decimal("0.00"))
    after = sum(bonus_amounts(card, scores).values(), Decimal("0.00"))
    return {
        "employee_id": card.employee_id,
        "period": card.period.name,
        "plan_id": card.plan.plan_id,
        "component_id": card.plan.component_id,
        "kpi_id": item.kpi.kpi_id,
        "kind": change.kind,
        "gap": change.gap,
        "points_gain": None if now is None or then is None else then - now,
        "money_gain": after - before,
        "course_id": item.kpi.course.course_id if item.kpi.course else None,
    }


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    """Rule: "Ordered by money gained", then points, then names."""
    money, points = row["money_gain"], row["points_gain"]
    ties = (row["kind"], *(row[name] or "" for name in ("kpi_id", "plan_id", "component_id")))
    return (money is None, -(money or 0), points is None, -(points or 0), *ties)


def suggestions(
    facts: Facts, found: Iterable[Card], others: Iterable[dict[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Rows of `rpt_suggestions` with their order inside employee and month.

    Args:
        facts: what the cards were made from.
        found: the cards.
        others: rows from elsewhere (the next tier, missing visits and reasons).
    """
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in others:
        groups.setdefault((row["employee_id"], row["period"]), []).append(row)
    for card in found:
        for item in card.items:
            for change in changes(facts, card, item):
                rows = groups.setdefault((card.employee_id, card.period.name), [])
                rows.append(suggestion(card, item, change))
    return [
        {**row, "ordinal": number}
        for key in sorted(groups)
        for number, row in enumerate(sorted(groups[key], key=_order), start=1)
    ]
