"""Points for valid leads (rulebook 4.5, readings 10, 39; decision R23).

Belongs here: points per lead and their monthly lines. Does not belong here: validity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.reference.lines import Line, identified, plan_line
from tests.reference.money import money, total
from tests.reference.months import period_of
from tests.reference.plan_book import Paying
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.world import World


@dataclass(frozen=True)
class LeadPoints:
    """Points of one lead."""

    lead_id: str
    employee_id: str
    period: str
    points: Decimal
    paying: Paying

    @property
    def point_value(self) -> Decimal:
        """Money a point is worth."""
        return Decimal(self.paying.component["point_value"])

    @property
    def amount(self) -> Decimal:
        """Points in money, rounded once per lead."""
        return money(Fraction(self.points) * Fraction(self.point_value))


def lead_points(world: World) -> list[LeadPoints]:
    """Each valid lead of origination, "booked on the day it became valid"."""
    found = []
    for lead in world.leads:
        if not lead.is_origination or lead.became_valid_at is None:
            continue
        day = world.day(lead.became_valid_at)
        components = world.book.components_at(lead.owner, day, "points")
        if components and period_of(day) <= world.last_period:
            component = components[0].component
            kind = (lead.row.get("lead_type") or "").strip()
            points = Decimal(component["by_lead_type"].get(kind, component["base"]))
            found.append(LeadPoints(lead.lead_id, lead.owner, period_of(day), points, components[0]))
    return found


def point_lines(world: World, found: list[LeadPoints]) -> Iterator[Line]:
    """Lines: "Points and bonuses: one line per employee, month and component" (reading 39)."""
    groups: dict[tuple[str, str, str, str], list[LeadPoints]] = defaultdict(list)
    for item in found:
        groups[(item.employee_id, item.period, *item.paying.key)].append(item)
    for (employee, period, _, _), items in groups.items():
        line = plan_line(world, items[0].paying, employee, period, total(item.amount for item in items))
        basis = money(sum((item.points for item in items), Decimal(0)))
        yield identified(replace(line, basis_amount=basis, rate=items[0].point_value))


def point_rows(found: list[LeadPoints]) -> list[Row]:
    """fct_points."""
    return [
        {
            "lead_id": item.lead_id,
            "employee_id": item.employee_id,
            "period": item.period,
            "points": item.points,
            "point_value": item.point_value,
            "amount": item.amount,
        }
        for item in found
    ]
