"""What was missing for the next step of growth (rulebook 13): rows of `rpt_suggestions`.

Belongs here: growth bonuses and team growth. Does not belong here: growth itself (`growth.py`), the other
counterfactuals (`reports_counterfactuals.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from tests.reference.growth import Growth, Growths
from tests.reference.money import money
from tests.reference.plan_book import Paying
from tests.reference.reports_counterfactuals import suggestion_row
from tests.reference.templates import Row
from tests.reference.world import World

#: KPIs whose values are money; measures are when their name says amount
MONEY_KPIS = frozenset(["customer_acquisition_cost", "repurchase_amount", "new_customer_amount"])


def steps_of(component: Row) -> list[tuple[Fraction, Decimal]]:
    """Growth and the rate it gives, from the lowest step on."""
    if component["type"] == "team_growth":
        return [(Fraction(component["threshold"]), Decimal(component["rate"]))]
    base = Decimal(component["base_rate"]) if component["mode"] == "increment" else Decimal(0)
    return [(Fraction(step["growth"]), base + Decimal(step["rate"])) for step in component["steps"]]


def gap_to(growth: Growth, step: Fraction, measure: str) -> Decimal | None:
    """(1 + step) × baseline − value, rounded up: money to fen, anything else to six places."""
    if growth.value is None or growth.mean is None or not growth.exists:
        return None
    missing = (1 + step) * growth.mean - Fraction(growth.value)
    if missing <= 0:
        return None
    places = 2 if measure.endswith("amount") or measure in MONEY_KPIS else 6
    return Decimal(ceil(missing * 10**places)).scaleb(-places)


def next_steps(world: World, growths: Growths, lines: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """The nearest step above, and what its rate would add on the basis as it is."""
    paid = _lines(lines)
    for period in world.periods:
        for employee in sorted(world.people.by_id):
            for kind in ("growth_bonus", "team_growth"):
                for paying in world.book.monthly(employee, period, kind):
                    row = _next_step(world, growths, paying, employee, period, paid)
                    if row is not None:
                        yield row


def _next_step(
    world: World,
    growths: Growths,
    paying: Paying,
    employee: str,
    period: str,
    paid: dict[tuple[str, ...], Row],
) -> dict[str, Any] | None:
    scope_id = employee
    if paying.component["type"] == "team_growth":
        team = world.book.segments(employee, paying, period)[-1][0].team_id
        if not team:
            return None
        scope_id = f"team:{team}"
    growth = growths.of(scope_id, period, paying.component)
    for step, rate in steps_of(paying.component):
        gap = gap_to(growth, step, paying.component["measure"])
        if gap is not None:
            line = paid.get((employee, period, *paying.key))
            gain = None if line is None else money(line["basis_amount"] * rate) - line["amount"]
            ids = {"plan_id": paying.plan_id, "component_id": paying.component_id}
            return suggestion_row(employee, period, "next_growth_step", gap=gap, money_gain=gain, **ids)
    return None


def _lines(lines: Sequence[Row]) -> dict[tuple[str, ...], Row]:
    """Growth lines by person, month and component, before decisions on them."""
    settlements = {
        hashlib.md5(f"{line['line_id']}|settled".encode(), usedforsecurity=False).hexdigest()
        for line in lines
    }
    return {
        (line["employee_id"], line["period"], line["plan_id"], line["component_id"]): line
        for line in lines
        if line["component"] in ("growth_bonus", "team_growth") and line["line_id"] not in settlements
    }
