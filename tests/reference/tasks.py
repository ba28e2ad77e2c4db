"""Assistants' composite tasks (rulebook 6, readings 22, 23; decision R22).

Belongs here: profile, capability, targets, task score and its line. Does not belong here: measures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.reference.lines import Line, identified, plan_line
from tests.reference.measures import Measures
from tests.reference.money import half_up, money
from tests.reference.months import days_in, shift
from tests.reference.plan_book import Paying
from tests.reference.rate_tables import prorated_days
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.world import World

COUNTS = ("new_customers",)
NEW_CUSTOMER_TARGETS = ("new_customers", "new_customer_amount")


@dataclass(frozen=True)
class TaskItem:
    """One task of an employee and month."""

    measure: str
    weight: Decimal
    wanted: Decimal | None
    capability: Decimal | None
    target: Decimal | None
    actual: Decimal | None

    @property
    def attainment(self) -> Decimal | None:
        """Actual ÷ target at 6 places; None when the item is left out (reading 23)."""
        if self.target is None or self.target <= 0 or self.actual is None:
            return None
        return half_up(max(Fraction(0), Fraction(self.actual)) / Fraction(self.target), 6)


def task_score(items: list[TaskItem], cap: Decimal) -> Decimal | None:
    """Task score = Σ weight × min(attainment, cap) ÷ Σ weight × 100, at 4 places."""
    counted = [(Fraction(x.weight), x.attainment) for x in items if x.attainment is not None]
    if not counted:
        return None
    points = sum((weight * min(Fraction(value), Fraction(cap)) for weight, value in counted), Fraction(0))
    return half_up(points / sum(weight for weight, _ in counted) * 100, 4)


def capability(values: list[Decimal], best_months: int) -> Decimal:
    """Capability of a measure = mean of its best 3 months."""
    best = sorted(values, reverse=True)[:best_months]
    return half_up(Fraction(sum(best)) / len(best), 6)


def capped_target(measure: str, wanted: Decimal, able: Decimal, share: Decimal) -> Decimal:
    """A new-customer target is "at most **70 % (given)** of capability, rounded down for counts"."""
    if measure not in NEW_CUSTOMER_TARGETS:
        return wanted
    limit = Fraction(share) * Fraction(able)
    most = Decimal(limit.numerator // limit.denominator) if measure in COUNTS else money(limit)
    return min(wanted, most)


class Tasks:
    """Task results of all employees and months."""

    def __init__(self, world: World, measures: Measures) -> None:
        self._world = world
        self._measures = measures
        self.rows: list[Row] = []
        self.lines: list[Line] = []
        for employee in sorted(world.people.by_id):
            for period in world.periods:
                for paying in world.book.monthly(employee, period, "task"):
                    self._one(employee, period, paying)

    def _history(self, employee: str, period: str, component: Row) -> list[str]:
        """Complete months employed among the last 12."""
        months = [shift(period, -back) for back in range(1, component["history_months"] + 1)]
        return [
            month
            for month in months
            if month in self._world.periods and self._world.people.is_complete_month(employee, month)
        ]

    def profile(self, employee: str, history: list[str], component: Row) -> str:
        """`developer`, `maintainer` ("No amount at all: maintainer") or `unprofiled`."""
        if len(history) < component["min_history_months"]:
            return "unprofiled"
        new, again = (
            sum(Fraction(self._measures.value(employee, month, name) or 0) for month in history)
            for name in ("new_customer_amount", "repurchase_amount")
        )
        share = Fraction(component["developer_share"])
        return "developer" if new + again > 0 and new >= share * (new + again) else "maintainer"

    def _items(self, employee: str, period: str, paying: Paying) -> Iterator[tuple[str, TaskItem]]:
        component = paying.component
        history = self._history(employee, period, component)
        profile = self.profile(employee, history, component)
        for item in component["templates"][profile]:
            measure = item["measure"]
            wanted = None if item.get("target") is None else Decimal(item["target"])
            able, target = None, wanted
            if profile != "unprofiled":
                wanted = self._wanted(employee, period, measure, paying, wanted)
                values = [self._measures.value(employee, month, measure) or Decimal(0) for month in history]
                able = capability(values, component["best_months"])
                target = (
                    None
                    if wanted is None
                    else capped_target(measure, wanted, able, Decimal(component["target_cap"]))
                )
            actual = self._measures.value(employee, period, measure)
            yield profile, TaskItem(measure, Decimal(item["weight"]), wanted, able, target, actual)

    def _wanted(
        self, employee: str, period: str, measure: str, paying: Paying, default: Decimal | None
    ) -> Decimal | None:
        """Wanted targets "come from the `targets` row of the period, else from the plan".

        The row is for the whole month and counts for the days in role (reading 53).
        """
        for row in self._world.company.targets:
            owner = self._world.people.resolve(row["employee_id"])
            if (owner, row["kpi_id"], row["period"]) == (employee, measure, period):
                days = prorated_days(self._world, employee, paying, period)
                return half_up(Fraction(row["target"]) * days, 6)
        return default

    def _one(self, employee: str, period: str, paying: Paying) -> None:
        """Rows and line of one employee, month and plan."""
        component = paying.component
        found = list(self._items(employee, period, paying))
        score = task_score([item for _, item in found], Decimal(component["attainment_cap"]))
        for profile, item in found:
            self.rows.append(
                {
                    "employee_id": employee,
                    "period": period,
                    "plan_id": paying.plan_id,
                    "profile": profile,
                    "measure": item.measure,
                    "wanted_target": item.wanted,
                    "capability": item.capability,
                    "target": item.target,
                    "actual": item.actual,
                    "attainment": item.attainment,
                    "weight": item.weight,
                    "task_score": score,
                }
            )
        base = self._world.book.base_days(employee, paying, period) / days_in(period)
        if score is not None and component["pay"] == "bonus_base" and base > 0:
            self.lines.append(self._line(employee, period, paying, score, base))

    def _line(self, employee: str, period: str, paying: Paying, score: Decimal, base: Fraction) -> Line:
        amount = money(Fraction(score) / 100 * base)
        line = plan_line(self._world, paying, employee, period, amount)
        rate = half_up(Fraction(score) / 100, 6)
        return identified(replace(line, basis_amount=money(base), rate=rate))
