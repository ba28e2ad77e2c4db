"""Process bonus and what it does to origination (rulebook 4.6, readings 27, 37; decision R24).

Belongs here: monthly figures, reached or not, month of release. Does not belong here: origination
amounts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.reference.lines import Line, identified, plan_line
from tests.reference.money import half_up, money, total
from tests.reference.months import last_day, period_of, shift
from tests.reference.plan_book import Paying
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.leads import Lead
    from tests.reference.world import World


@dataclass(frozen=True)
class Figures:
    """Cohort of a month: visits and how many of them signed by its end."""

    visits: int = 0
    signed: int = 0

    def reaches(self, component: Row, months: int) -> bool:
        """`valid_visits >= target` **and** conversion `>= min_conversion`, cross-multiplied."""
        wanted = Fraction(component["target"]) * months
        signed_enough = self.signed >= Fraction(component["min_conversion"]) * self.visits
        return self.visits > 0 and self.visits >= wanted and signed_enough


@dataclass(frozen=True)
class Outcome:
    """What a month says about the origination of an employee."""

    paying: Paying
    figures: Figures
    is_reached: bool
    released_in: str | None

    @property
    def holds(self) -> bool:
        """True when origination is not simply paid."""
        return not self.is_reached and self.paying.component["origination"] != "paid"

    @property
    def is_forfeited(self) -> bool:
        """True when the plan forfeits what is not reached."""
        return self.holds and self.paying.component["origination"] == "forfeited"


class ProcessMonths:
    """Process figures and outcomes of all employees and months."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.figures = cohorts(world)
        self.outcomes: dict[tuple[str, str, str], Outcome] = {}
        for employee in sorted(world.people.by_id):
            for period in world.periods:
                for paying in world.book.monthly(employee, period, "process_bonus"):
                    self.outcomes[employee, paying.plan_id, period] = self._outcome(employee, paying, period)

    def of(self, employee: str, plan_id: str, period: str) -> Outcome | None:
        """Outcome of an employee's month under a plan."""
        return self.outcomes.get((employee, plan_id, period))

    def outcome(self, line: Line) -> Outcome | None:
        """Outcome of the month an origination line comes from."""
        return self.of(line.employee_id, line.plan_id, line.origin_period)

    def month(self, employee: str, period: str) -> Figures:
        """Figures of a month."""
        return self.figures.get((employee, period), Figures())

    def _outcome(self, employee: str, paying: Paying, period: str) -> Outcome:
        figures = self.month(employee, period)
        is_reached = figures.reaches(paying.component, 1)
        released = None
        if not is_reached and paying.component["origination"] == "held":
            released = self._release(employee, period)
        return Outcome(paying, figures, is_reached, released)

    def _release(self, employee: str, period: str) -> str | None:
        """First later month whose trailing figures reach both ("The first check for release is the next month")."""
        later = [month for month in self._world.periods if month > period]
        for month in later:
            for paying in self._world.book.monthly(employee, month, "process_bonus")[:1]:
                count = paying.component["trailing_months"]
                span = [self.month(employee, shift(month, -back)) for back in range(count)]
                added = Figures(sum(item.visits for item in span), sum(item.signed for item in span))
                if added.reaches(paying.component, count):
                    return month
        return None


def cohorts(world: World) -> dict[tuple[str, str], Figures]:
    """Valid leads by owner and month of their first visit, and those signed by the end of that month."""
    found: dict[tuple[str, str], Figures] = {}
    for lead in world.leads:
        if lead.is_valid and lead.first_visit is not None:
            period = period_of(world.day(lead.first_visit))
            before = found.get((lead.owner, period), Figures())
            signed = before.signed + int(_has_signed(world, lead, period))
            found[lead.owner, period] = Figures(before.visits + 1, signed)
    return found


def _has_signed(world: World, lead: Lead, period: str) -> bool:
    """True when the lead's customer signed after the lead and by the end of the month."""
    return any(
        deal.is_creditable
        and deal.customer_key == lead.customer_key
        and deal.signed_at >= lead.created_at
        and deal.signed_date <= last_day(period)
        for deal in world.deals
    )


def bonus_lines(world: World, process: ProcessMonths) -> Iterator[Line]:
    """Both reached: "the process bonus is paid"."""
    for (employee, _, period), outcome in process.outcomes.items():
        if outcome.is_reached:
            amount = money(outcome.paying.component["bonus"])
            line = plan_line(world, outcome.paying, employee, period, amount)
            yield identified(replace(line, basis_amount=money(outcome.figures.visits)))


def process_rows(process: ProcessMonths, lines: list[Line]) -> list[Row]:
    """fct_process_bonus."""
    rows = []
    for (employee, plan_id, period), outcome in process.outcomes.items():
        held_by_process = [
            line
            for line in lines
            if line.component == "origination"
            and (line.employee_id, line.plan_id, line.period) == (employee, plan_id, period)
            and "process" in (line.reason or "").split(";")
        ]
        figures, component = outcome.figures, outcome.paying.component
        conversion = half_up(Fraction(figures.signed, figures.visits), 6) if figures.visits else None
        rows.append(
            {
                "employee_id": employee,
                "period": period,
                "plan_id": plan_id,
                "valid_visits": figures.visits,
                "target": Decimal(component["target"]),
                "conversion": conversion,
                "min_conversion": Decimal(component["min_conversion"]),
                "is_reached": outcome.is_reached,
                "bonus": money(component["bonus"]) if outcome.is_reached else money(0),
                "origination_held": total(x.amount for x in held_by_process if x.status == "held"),
                "origination_released": total(x.amount for x in held_by_process if x.status == "released"),
            }
        )
    return rows
