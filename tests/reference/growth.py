"""Growth of employees and teams, and contribution (rulebook 7, readings 24, 25; decisions R25, R26).

Belongs here: baselines, growth rates, the three growth components. Does not belong here: measures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.reference.lines import COMMISSION, Line, identified, plan_line
from tests.reference.measures import Measures
from tests.reference.money import half_up, money, total
from tests.reference.months import days_in, first_day, shift
from tests.reference.plan_book import Paying
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.world import World


@dataclass(frozen=True)
class Growth:
    """Growth = measure ÷ baseline − 1; without a baseline, or a baseline of zero, there is none."""

    value: Decimal | None
    history: tuple[Decimal, ...] | None

    @property
    def mean(self) -> Fraction | None:
        """Exact baseline."""
        if not self.history:
            return None
        return sum((Fraction(item) for item in self.history), Fraction(0)) / len(self.history)

    @property
    def exists(self) -> bool:
        """True when there is something to compare with."""
        return self.value is not None and self.mean is not None and self.mean > 0

    @property
    def growth(self) -> Decimal | None:
        """Growth at 6 places."""
        if not self.exists or self.value is None or self.mean is None:
            return None
        return half_up(Fraction(self.value) / self.mean - 1, 6)

    def reaches(self, step: Decimal) -> bool:
        """Cross-multiplied, "so that exactly 20 % is 20 %"."""
        if not self.exists or self.value is None or self.mean is None:
            return False
        return Fraction(self.value) >= (1 + Fraction(step)) * self.mean

    @property
    def increment_share(self) -> Fraction:
        """Part of the measure above the baseline; none when unknown (`increment_only`)."""
        if not self.exists or self.value is None or self.mean is None or self.value <= 0:
            return Fraction(0)
        return max(Fraction(0), Fraction(self.value) - self.mean) / Fraction(self.value)


def step_rate(component: Row, growth: Growth) -> Decimal:
    """Table (given): "base 10 %; growth ≥ 20 % → 15 %; ≥ 30 % → 20 %", or increments to the base."""
    rate = Decimal(component["base_rate"])
    for step in component["steps"]:
        if growth.reaches(Decimal(step["growth"])):
            added = Decimal(component["base_rate"]) if component["mode"] == "increment" else Decimal(0)
            rate = added + Decimal(step["rate"])
    return rate


class Growths:
    """Growth rows and lines of a company."""

    def __init__(self, world: World, measures: Measures, lines: list[Line]) -> None:
        self._world = world
        self._measures = measures
        self._commission = lines
        self.rows: list[Row] = []
        self.lines: list[Line] = []
        for period in world.periods:
            teams: dict[tuple[str, tuple[str, str]], Paying] = {}
            for employee in sorted(world.people.by_id):
                self._personal(employee, period)
                self._team(employee, period, teams)
                self.lines.extend(contribution_lines(world, employee, period))
            for (team, _), paying in sorted(teams.items(), key=lambda item: item[0]):
                self._team_row(team, period, paying)

    def baseline_months(self, period: str, component: Row) -> list[str]:
        """Previous 3 months, or the same month of last year."""
        if component["baseline"] == "last_year":
            return [shift(period, -12)]
        return [shift(period, -back) for back in range(1, component["baseline_months"] + 1)]

    def of(self, scope_id: str, period: str, component: Row) -> Growth:
        """Growth of an employee or ``team:ID`` ("A baseline needs all its months; otherwise NULL").

        A month in which the KPI has no row is compared with nothing.
        """
        measure = component["measure"]
        value = self._measures.value(scope_id, period, measure)
        if not self._measures.has_row(scope_id, period, measure):
            return Growth(value, None)
        history = []
        for month in self.baseline_months(period, component):
            past = self._measures.value(scope_id, month, measure)
            if month not in self._world.periods or past is None or not self._is_whole(scope_id, month):
                return Growth(value, None)
            history.append(past)
        return Growth(value, tuple(history))

    def _is_whole(self, scope_id: str, month: str) -> bool:
        if not scope_id.startswith("team:"):
            return self._world.people.is_complete_month(scope_id, month)
        start, end = first_day(month), first_day(shift(month, 1))
        return any(
            self._world.people.segments(person, start, end, lambda role: f"team:{role.team_id}" == scope_id)
            for person in self._world.people.by_id
        )

    def _personal(self, employee: str, period: str) -> None:
        """growth_bonus components; of one `award` only the one that pays most."""
        found: list[tuple[str, Line]] = []
        for paying in self._world.book.monthly(employee, period, "growth_bonus"):
            component = paying.component
            growth = self.of(employee, period, component)
            rate = step_rate(component, growth)
            self._row("employee", employee, period, component["measure"], growth, rate)
            basis = self._basis(employee, period, paying, growth)
            if component["on"] == "increment_only":
                basis *= growth.increment_share
            line = self._line(paying, employee, period, basis, rate, growth)
            found.append((f"{paying.plan_id}/{component['award'] or paying.component_id}", line))
        for award in dict.fromkeys(name for name, _ in found):
            alternatives = [line for name, line in found if name == award and line.basis_amount]
            ordered = sorted(alternatives, key=lambda line: (-line.amount, line.component_id))
            self.lines.extend(ordered[:1])

    def _line(
        self, paying: Paying, employee: str, period: str, basis: Fraction, rate: Decimal, growth: Growth
    ) -> Line:
        line = plan_line(self._world, paying, employee, period, money(basis * Fraction(rate)))
        note = None if growth.exists else "no_baseline"
        return identified(replace(line, basis_amount=money(basis), rate=rate, note=note))

    def _basis(self, employee: str, period: str, paying: Paying, growth: Growth) -> Fraction:
        """`earned_commission`, `measure` or `bonus_base` (prorated)."""
        basis = paying.component["basis"]
        if basis == "measure":
            return Fraction(growth.value or 0)
        if basis == "bonus_base":
            return self._world.book.base_days(employee, paying, period) / days_in(period)
        return Fraction(earned_commission(self._commission, employee, period, paying.plan_id))

    def _team(self, employee: str, period: str, teams: dict[tuple[str, tuple[str, str]], Paying]) -> None:
        """Team: "growth ≥ 10 % → each seller of the team gets an extra 5 % of the own commission"."""
        for paying in self._world.book.monthly(employee, period, "team_growth"):
            team = self._world.book.segments(employee, paying, period)[-1][0].team_id
            if not team:
                continue
            teams.setdefault((team, (paying.plan_id, paying.component_id)), paying)
            growth = self.of(f"team:{team}", period, paying.component)
            basis = earned_commission(self._commission, employee, period, paying.plan_id)
            if growth.reaches(Decimal(paying.component["threshold"])) and basis:
                rate = Decimal(paying.component["rate"])
                self.lines.append(self._line(paying, employee, period, Fraction(basis), rate, growth))

    def _team_row(self, team: str, period: str, paying: Paying) -> None:
        growth = self.of(f"team:{team}", period, paying.component)
        is_reached = growth.reaches(Decimal(paying.component["threshold"]))
        rate = Decimal(paying.component["rate"]) if is_reached else Decimal(0)
        self._row("team", team, period, paying.component["measure"], growth, rate)

    def _row(
        self, scope: str, scope_id: str, period: str, measure: str, growth: Growth, rate: Decimal
    ) -> None:
        """One row of fct_growth."""
        self.rows.append(
            {
                "scope": scope,
                "scope_id": scope_id,
                "period": period,
                "measure": measure,
                "value": growth.value,
                "baseline": None if growth.mean is None else half_up(growth.mean, 6),
                "growth": growth.growth,
                "rate": rate,
            }
        )


def earned_commission(lines: Iterable[Line], employee: str, period: str, plan_id: str) -> Decimal:
    """Earned or released commission of a month under a plan, before caps (reading 25: "not held")."""
    return total(
        line.amount
        for line in lines
        if line.is_paid
        and line.component in COMMISSION
        and (line.employee_id, line.period, line.plan_id) == (employee, period, plan_id)
    )


def contribution_score(follow_ups: int, minutes: Decimal, component: Row) -> Fraction:
    """100 × (½ × min(1, follow-ups ÷ reference) + ½ × min(1, contact minutes ÷ reference))."""
    share = Fraction(component["follow_ups_share"])
    by_count = min(Fraction(1), Fraction(follow_ups) / Fraction(component["follow_ups_reference"]))
    by_time = min(Fraction(1), Fraction(minutes) / Fraction(component["minutes_reference"]))
    return 100 * (share * by_count + (1 - share) * by_time)


def contribution_lines(world: World, employee: str, period: str) -> Iterator[Line]:
    """At or above `threshold` an extra reward."""
    for paying in world.book.monthly(employee, period, "contribution"):
        rows = world.activities_by_employee.get((employee, period), [])
        minutes = sum((row.get("minutes") or Decimal(0) for row in rows), Decimal(0))
        score = contribution_score(len(rows), minutes, paying.component)
        if score >= Fraction(paying.component["threshold"]):
            line = plan_line(world, paying, employee, period, money(paying.component["bonus"]))
            yield identified(replace(line, basis_amount=money(score)))
