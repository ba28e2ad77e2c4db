"""A whole scorecard: groups, violations, total, grade, rank, bonus (rulebook 9).

Belongs here: rows of `fct_scorecard_items`, `fct_scorecards` and the two bonus lines. Does not
belong here: single items, suggestions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.reference.kpis_base import NOTHING, Facts, Period, Row, exact_div, rounded
from tests.reference.kpis_conduct import is_rectified
from tests.reference.kpis_values import figures_of
from tests.reference.scorecard_items import Item, make_item
from tests.reference.scorecard_plan import ScorecardPlan, Segment, cards

GROUPS = ("business", "management")


@dataclass(frozen=True)
class Scores:
    """Group scores after service bonus and violations, and the total."""

    groups: dict[str, Decimal | None]
    total: Decimal | None
    service_bonus: Decimal


@dataclass(frozen=True)
class Card:
    """One scorecard of an employee, month and plan."""

    employee_id: str
    period: Period
    plan: ScorecardPlan
    segments: Sequence[Segment]
    items: Sequence[Item]
    violations: int
    scores: Scores

    @property
    def days(self) -> int:
        """Days in the card's department."""
        return sum(segment.days for segment in self.segments)

    @property
    def last(self) -> Row:
        """The latest assignment of the card: its department and team."""
        return self.segments[-1].assignment


def group_score(items: Sequence[Item], group: str) -> Decimal | None:
    """Rule: "Group score = Σ weight × KPI score ÷ Σ weight"; NULL without any scored KPI."""
    counted = [item for item in items if item.kpi.group == group and item.score is not None]
    if not any(item.status == "scored" for item in counted):
        return None
    weighted = sum((item.kpi.weight * (item.score or 0) for item in counted), Decimal(0))
    return exact_div(weighted, sum((item.kpi.weight for item in counted), Decimal(0)), 4)


def service_points(plan: ScorecardPlan, items: Sequence[Item]) -> Decimal:
    """Rule: "Complaint handling and return rate both reached → bonus points"."""
    service = plan.service_bonus
    if service is None or not service.kpis:
        return Decimal(0)
    reached = {item.kpi.kpi_id for item in items if item.status == "scored" and item.is_reached}
    return service.points if set(service.kpis) <= reached else Decimal(0)


def violation_factor(plan: ScorecardPlan, count: int) -> Fraction:
    """Rule: "management score × max(0, 1 − 10 % × n); `compounding` as an option"."""
    rate = Fraction(plan.violation_rate)
    if plan.violation_mode == "compounding":
        return (1 - rate) ** count
    return max(Fraction(0), 1 - rate * count)


def score_card(plan: ScorecardPlan, items: Sequence[Item], violations: int) -> Scores:
    """Groups → service bonus → violations → floor 0 → total."""
    points = service_points(plan, items)
    groups: dict[str, Decimal | None] = {}
    for group in GROUPS:
        score = group_score(items, group)
        if score is not None and plan.service_bonus and plan.service_bonus.group == group:
            score += points
        if score is not None and group == "management":
            score = rounded(Fraction(score) * violation_factor(plan, violations), 4)
        groups[group] = None if score is None else max(score, Decimal("0.0000"))
    weights = {group: plan.group_weights[group] for group in GROUPS if plan.group_weights[group] > 0}
    if any(groups[group] is None for group in weights):
        return Scores(groups, None, points)
    weighted = sum((weight * (groups[group] or 0) for group, weight in weights.items()), Decimal(0))
    return Scores(groups, exact_div(weighted, sum(weights.values(), Decimal(0)), 4), points)


def grade_of(plan: ScorecardPlan, total: Decimal | None) -> str | None:
    """The band with the greatest lowest score that the total reaches."""
    reached = [band for band in plan.grades if total is not None and total >= band[1]]
    return max(reached, key=lambda band: band[1])[0] if reached else None


def violations_of(facts: Facts, employee_id: str, first: date, last: date) -> list[Row]:
    """Violations of an employee between two days, not after the as-of date."""
    return [
        row
        for row in facts.rows("policy_violations")
        if row["employee_id"] == employee_id and first <= row["occurred_on"] <= min(last, facts.as_of_date)
    ]


def is_award_eligible(facts: Facts, plan: ScorecardPlan, employee_id: str, period: Period) -> bool:
    """Rule: "Rectification below 100 % over the year → `annual_award_eligible = false`"."""
    rows = violations_of(facts, employee_id, date(period.year, 1, 1), period.last)
    rectified = sum(is_rectified(facts, row) for row in rows)
    return rectified >= plan.min_rectification * len(rows)


def all_cards(facts: Facts) -> list[Card]:
    """Every scorecard of every month."""
    found: list[Card] = []
    for period in facts.periods:
        figures = figures_of(facts, period)
        for employee_id, plan, days in cards(facts, period):
            items = [
                make_item(
                    facts, plan, kpi, employee_id, period, figures.get((employee_id, kpi.kpi_id), NOTHING)
                )
                for kpi in plan.kpis
            ]
            count = len(violations_of(facts, employee_id, period.first, period.last))
            scores = score_card(plan, items, count)
            found.append(Card(employee_id, period, plan, days, items, count, scores))
    return found


def prorated_base(card: Card) -> Fraction:
    """Rule: "Bonus base is prorated by days in the card's department", exact."""
    shares = (Fraction(s.assignment["bonus_base"] or 0) * s.days for s in card.segments)
    return sum(shares, Fraction(0)) / card.period.days


def bonus_amounts(card: Card, scores: Scores) -> dict[str, Decimal]:
    """Rule: "(business × 60 % + management × 40 %) ÷ 100 × bonus base; rounded once per group line"."""
    base, weights = prorated_base(card), card.plan.group_weights
    if not card.plan.pays_bonus or scores.total is None or base <= 0:
        return {}
    whole = sum(weights.values(), Decimal(0))
    parts = {group: Fraction(weights[group]) / Fraction(whole) for group in GROUPS if weights[group] > 0}
    return {
        group: rounded(Fraction(scores.groups[group] or 0) * part / 100 * base, 2)
        for group, part in parts.items()
    }


def item_rows(found: Sequence[Card]) -> list[dict[str, Any]]:
    """Rows of `fct_scorecard_items`."""
    return [
        {
            "employee_id": card.employee_id,
            "period": card.period.name,
            "plan_id": card.plan.plan_id,
            "component_id": card.plan.component_id,
            "kpi_id": item.kpi.kpi_id,
            "group": item.kpi.group,
            "weight": item.kpi.weight,
            "attainment": item.attainment,
            "base_score": item.base_score,
            "training_bonus": item.training_bonus,
            "score": item.score,
            "status": item.status,
            "reason": item.reason,
            "target": item.target,
            "value": item.figure.value,
            "is_reached": item.is_reached,
            "is_counted": item.is_counted,
        }
        for card in found
        for item in card.items
    ]


def ranked(values: Sequence[Decimal], value: Decimal) -> int:
    """Competition rank, highest first; "ties share a rank"."""
    return 1 + sum(other > value for other in values)


def card_rows(facts: Facts, found: Sequence[Card]) -> list[dict[str, Any]]:
    """Rows of `fct_scorecards`; "Ranks are within the department"."""
    totals: dict[tuple[Period, str], list[Decimal]] = {}
    for card in found:
        if card.scores.total is not None:
            totals.setdefault((card.period, card.last["department"]), []).append(card.scores.total)
    rows: list[dict[str, Any]] = []
    for card in found:
        total = card.scores.total
        peers = totals.get((card.period, card.last["department"]), [])
        rows.append(
            {
                "employee_id": card.employee_id,
                "period": card.period.name,
                "plan_id": card.plan.plan_id,
                "component_id": card.plan.component_id,
                "business_score": card.scores.groups["business"],
                "management_score": card.scores.groups["management"],
                "violations": card.violations,
                "total_score": total,
                "grade": grade_of(card.plan, total),
                "rank": None if total is None else ranked(peers, total),
                "annual_award_eligible": is_award_eligible(facts, card.plan, card.employee_id, card.period),
                "department": card.last["department"],
                "team_id": card.last["team_id"],
                "days_in_role": card.days,
                "days_in_period": card.period.days,
                "service_bonus": card.scores.service_bonus,
                "reason": None if total is not None else "no_scored_kpi",
            }
        )
    return rows


def bonus_lines(found: Sequence[Card]) -> list[dict[str, Any]]:
    """The payout lines bonus_business and bonus_management."""
    rows: list[dict[str, Any]] = []
    for card in found:
        for group, amount in bonus_amounts(card, card.scores).items():
            weights = card.plan.group_weights
            score, whole = card.scores.groups[group] or Decimal(0), sum(weights.values(), Decimal(0))
            rows.append(
                {
                    "line_id": line_id(card, f"bonus_{group}"),
                    "period": card.period.name,
                    "employee_id": card.employee_id,
                    "component": f"bonus_{group}",
                    "component_id": card.plan.component_id,
                    "plan_id": card.plan.plan_id,
                    "basis_amount": rounded(prorated_base(card), 2),
                    "rate": exact_div(score * weights[group], 100 * whole, 12),
                    "amount": amount,
                    "currency": card.plan.currency,
                    "status": "earned",
                    "reason": None,
                    "origin_period": card.period.name,
                    "plan_hash": card.plan.plan_hash,
                }
            )
    return rows


def line_id(card: Card, component: str) -> str:
    """Stable id: component, plan, component id, empty deal, transaction and KPI, employee, month."""
    plan = card.plan
    parts = [component, plan.plan_id, plan.component_id, "", "", "", card.employee_id, card.period.name]
    return hashlib.md5("|".join(parts).encode(), usedforsecurity=False).hexdigest()
