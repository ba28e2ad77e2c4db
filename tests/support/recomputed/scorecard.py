"""Scorecard bonuses, in plain fractions.

Belongs here: items, groups and violations of a card. Does not belong here: how a KPI is computed.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tests.reference.money import half_up, money
from tests.support.recomputed.values import (
    Explained,
    Row,
    bonus_base,
    definition_of,
    kind,
    number,
    only,
)


def scorecard(explained: Explained) -> Decimal:
    """The score of a group times its weight times the prorated bonus base, rounded once (rulebook 9)."""
    definition, group = definition_of(explained), kind(explained).removeprefix("bonus_")
    values = {row["kpi_id"]: row for row in explained["inputs"]["kpi_values"]}
    shown = {row["kpi_id"]: row for row in explained["inputs"]["scorecard_items"]}
    weights, points_of = Fraction(0), Fraction(0)
    reached = set()
    for kpi in definition["kpis"]:
        item = shown[kpi["kpi"]]
        score, is_reached = _item(definition, kpi, item, values[kpi["kpi"]])
        reached |= {kpi["kpi"]} if is_reached else set()
        if kpi["group"] == group and score is not None:
            weights += number(kpi["weight"])
            points_of += number(kpi["weight"]) * score
    total = number(half_up(points_of / weights, 4))
    service = definition["service_bonus"]
    if service and service["group"] == group and set(service["kpis"]) <= reached:
        total += number(service["points"])
    if group == "management":
        violations = int(only(explained["inputs"]["scorecards"])["violations"])
        total = number(half_up(total * _left(definition["violations"], violations), 4))
    weight = number(definition["group_weights"][group])
    both = sum(number(one) for one in definition["group_weights"].values())
    return money(max(total, Fraction(0)) * weight / both / 100 * bonus_base(explained))


def _left(rules: Row, violations: int) -> Fraction:
    if rules["mode"] == "compounding":
        return (1 - number(rules["rate"])) ** violations
    return max(Fraction(0), 1 - number(rules["rate"]) * violations)


def _item(card: Row, kpi: Row, item: Row, value: Row) -> tuple[Fraction | None, bool]:
    """Score of an item, None when it does not count, and whether its target is reached."""
    if item["status"] != "scored":
        return (
            Fraction(0) if item["status"] == "excluded" and card["excluded_policy"] == "zero" else None
        ), False
    wanted = number(item["target"]) * number(value["denominator"] or 1)
    actual, highest = number(value["numerator"]), number(card["max_attainment"])
    lower = kpi["direction"] == "lower"
    is_reached = actual <= wanted if lower else actual >= wanted
    attainment = highest
    if actual > 0 or not lower:
        attainment = number(half_up(wanted / actual if lower else actual / wanted, 6))
    base = 100 * min(attainment, highest)
    if kpi["method"] == "pass_fail":
        base = Fraction(100 if is_reached else 0)
    elif kpi["method"] == "threshold":
        base = Fraction(100) if is_reached else base - number(kpi["deduct"])
    scored = number(half_up(max(base, Fraction(0)), 4)) + number(item["training_bonus"])
    return max(min(scored, number(card["score_cap"])), Fraction(0)), is_reached
