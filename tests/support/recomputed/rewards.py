"""Points, process bonus, tasks, growth, contribution and adjustments, in plain fractions.

Belongs here: what is paid by the month without a pool. Does not belong here: scorecards.
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
    number,
    only,
)


def points(explained: Explained) -> Decimal:
    """Points of the leads of the month, each worth its money."""
    definition = definition_of(explained)
    leads = {
        row["record_id"]: row["values"] for row in explained["sources"] if row["source_table"] == "leads"
    }
    earned = Decimal(0)
    for row in explained["inputs"]["points"]:
        wanted = definition["by_lead_type"].get(leads[row["lead_id"]]["lead_type"], definition["base"])
        earned += money(number(wanted) * number(definition["point_value"]))
    return earned


def process_bonus(explained: Explained) -> Decimal:
    """The bonus when visits and conversion both reach their targets; the visits are the leads that were counted."""
    definition = definition_of(explained)
    counted = only(figure for figure in explained["figures"] if figure["name"] == "lead_conversion")
    visits = sum(1 for key in counted["records"] if key.startswith("leads "))
    signed = number(only(explained["inputs"]["process_bonus"])["signed_customers"])
    reached = (
        visits >= number(definition["target"]) and signed >= number(definition["min_conversion"]) * visits
    )
    return money(number(definition["bonus"])) if reached else Decimal("0.00")


def task(explained: Explained) -> Decimal:
    """Weighted attainments of the items times the prorated bonus base; results are the figures of the month."""
    period = only(explained["inputs"]["days"])["period"]
    results = {
        figure["name"]: figure["figures"]["value"]
        for figure in explained["figures"]
        if figure["period"] == period and figure["kind"] in ("measure", "kpi", "observation")
    }
    cap, weights, score = number(definition_of(explained)["attainment_cap"]), Fraction(0), Fraction(0)
    for item in explained["inputs"]["task_items"]:
        if item["attainment"] is None:
            continue
        attainment = half_up(
            max(number(results[item["measure"]]), Fraction(0)) / _task_target(explained, item), 6
        )
        weights += number(item["weight"])
        score += number(item["weight"]) * min(number(attainment), cap)
    total = number(half_up(100 * score / weights, 4))
    return money(total / 100 * bonus_base(explained))


def _task_target(explained: Explained, item: Row) -> Fraction:
    """What is wanted, at most a share of the capability for new customers (rulebook 6)."""
    wanted = number(item["wanted_target"])
    if item["capability"] is None or item["measure"] not in ("new_customers", "new_customer_amount"):
        return wanted
    limit = number(definition_of(explained)["target_cap"]) * number(item["capability"])
    return min(wanted, Fraction(limit // 1) if item["measure"] == "new_customers" else number(money(limit)))


def growth(explained: Explained) -> Decimal:
    """A rate by the growth of a measure on commission, the measure or the bonus base."""
    definition, row = definition_of(explained), only(explained["inputs"]["growth"])
    values = {figure["period"]: figure["figures"].get("value") for figure in explained["figures"]}
    value = None if values.get(row["period"]) is None else number(values[row["period"]])
    base = None
    if row["growth"] is not None:
        earlier = [number(one) for month, one in values.items() if month != row["period"]]
        base = sum(earlier, Fraction(0)) / len(earlier)
    rate = _growth_rate(definition, value, base)
    basis = _growth_basis(explained, definition.get("basis", "earned_commission"), value)
    if definition.get("on") == "increment_only":
        basis = (
            basis * max(value - base, Fraction(0)) / value if base and value and value > 0 else Fraction(0)
        )
    return money(rate * basis)


def _growth_rate(definition: Row, value: Fraction | None, base: Fraction | None) -> Fraction:
    grown = None if base is None or value is None else value / base - 1
    if definition["type"] == "team_growth":
        return (
            number(definition["rate"])
            if grown is not None and grown >= number(definition["threshold"])
            else Fraction(0)
        )
    rate = first = number(definition["base_rate"])
    for step in definition["steps"]:
        if grown is not None and grown >= number(step["growth"]):
            rate = number(step["rate"]) + (first if definition["mode"] == "increment" else 0)
    return rate


def _growth_basis(explained: Explained, basis: str, value: Fraction | None) -> Fraction:
    if basis == "earned_commission":
        held = explained["line"]["settles_line_id"]
        return sum(
            (number(row["amount"]) for row in explained["lines"] if row["line_id"] != held), Fraction(0)
        )
    return (value or Fraction(0)) if basis == "measure" else bonus_base(explained)


def contribution(explained: Explained) -> Decimal:
    """The reward when follow-ups and contact minutes, counted in the source rows, reach the threshold."""
    definition = definition_of(explained)
    contacts = [row["values"] for row in explained["sources"] if row["source_table"] == "activities"]
    minutes = sum((number(row["minutes"] or 0) for row in contacts), Fraction(0))
    share = number(definition["follow_ups_share"])
    score = share * min(Fraction(1), len(contacts) / number(definition["follow_ups_reference"]))
    score += (1 - share) * min(Fraction(1), minutes / number(definition["minutes_reference"]))
    return (
        money(number(definition["bonus"]))
        if 100 * score >= number(definition["threshold"])
        else Decimal("0.00")
    )


def adjustment(explained: Explained) -> Decimal:
    """The amount that a person entered."""
    return Decimal(
        only(row for row in explained["sources"] if row["source_table"] == "adjustments")["values"]["amount"]
    )
