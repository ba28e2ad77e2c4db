"""What changes for people when plans change: the figures of two calculations side by side.

Here belongs the arithmetic, pure. Not here: reading the figures (`figures.py`), computing them
(orchestration has dbt do it), showing the result.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

ZERO = Decimal("0.00")
Subject = tuple[str, str, str, str]
"""Whose standing: subject (an employee, or `team:ID`), period, kind (tier, grade, growth_rate), component id."""


@dataclass(frozen=True, slots=True)
class LineSum:
    """Payout lines of one employee, period, component and currency added up.

    Attributes:
        payable: Lines earned, released or paid.
        held: Lines held back.
    """

    employee_id: str
    period: str
    component: str
    currency: str
    payable: Decimal
    held: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """What one calculation says about the periods compared.

    Attributes:
        lines: Sums of payout lines.
        standings: What was reached: tier, grade, growth rate.
        names: Names of employees by id.
    """

    lines: tuple[LineSum, ...]
    standings: Mapping[Subject, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """Money of something under both plans; `of` says of what (employee_id, period, component), and the currency."""

    of: Mapping[str, str]
    currency: str
    old: Decimal
    new: Decimal
    old_held: Decimal = ZERO
    new_held: Decimal = ZERO

    @property
    def difference(self) -> Decimal:
        """What the new plan pays more (payable lines)."""
        return self.new - self.old

    @property
    def held_difference(self) -> Decimal:
        """What the new plan holds back more."""
        return self.new_held - self.old_held

    @property
    def is_changed(self) -> bool:
        """Whether anything differs."""
        return bool(self.difference or self.held_difference)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON output; money as text."""
        amounts = {
            "old": self.old,
            "new": self.new,
            "difference": self.difference,
            "old_held": self.old_held,
            "new_held": self.new_held,
            "held_difference": self.held_difference,
        }
        return {**self.of, "currency": self.currency} | {key: str(value) for key, value in amounts.items()}


@dataclass(frozen=True, slots=True)
class Migration:
    """Somebody who reaches another tier, grade or growth rate; None: none of the kind on that side."""

    subject: str
    period: str
    kind: str
    component_id: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """Two calculations of the same periods compared.

    Attributes:
        persons: One change a person and currency, the largest loss first.
        person_periods: The same by period.
        components: By component.
        periods: By period.
        totals: By currency: the budget effect.
        migrations: Tiers, grades and growth rates that differ.
        names: Names of the persons.
        gained: People who get money only under the new plan.
        lost: People who get money only under the old plan.
    """

    persons: tuple[Change, ...]
    person_periods: tuple[Change, ...]
    components: tuple[Change, ...]
    periods: tuple[Change, ...]
    totals: tuple[Change, ...]
    migrations: tuple[Migration, ...]
    names: Mapping[str, str]
    gained: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def winners(self) -> int:
        """People who get more."""
        return len({change.of["employee_id"] for change in self.persons if change.difference > 0})

    @property
    def losers(self) -> int:
        """People who get less."""
        return len({change.of["employee_id"] for change in self.persons if change.difference < 0})

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs at all."""
        return not self.migrations and not any(change.is_changed for change in self.person_periods)


def compare(old: PlanFigures, new: PlanFigures) -> PlanDiff:
    """Compare two calculations of the same periods."""
    names = {**old.names, **new.names}
    persons = sorted(
        _changes(old, new, ("employee_id",)), key=lambda one: (one.difference, one.of["employee_id"])
    )
    return PlanDiff(
        persons=tuple(persons),
        person_periods=_changes(old, new, ("employee_id", "period")),
        components=_changes(old, new, ("component",)),
        periods=_changes(old, new, ("period",)),
        totals=_changes(old, new, ()),
        migrations=_migrations(old.standings, new.standings),
        names=names,
        gained=_people(persons, lambda one: bool(one.new) and not one.old),
        lost=_people(persons, lambda one: bool(one.old) and not one.new),
    )


def breaches(diff: PlanDiff, limit_total: Decimal | None, limit_person: Decimal | None) -> tuple[str, ...]:
    """What goes beyond the limits, in sentences; a limit itself is allowed.

    Args:
        diff: The comparison.
        limit_total: Largest difference of the total, up or down, in each currency; None: any.
        limit_person: Largest loss of one person in one currency; None: any.
    """
    said: list[str] = []
    if limit_total is not None:
        said += [
            f"the total changes by {one.currency} {one.difference:+,}, more than {limit_total:,}"
            for one in diff.totals
            if abs(one.difference) > limit_total
        ]
    if limit_person is not None:
        said += [
            f"{one.of['employee_id']} loses {one.currency} {-one.difference:,}, more than {limit_person:,}"
            for one in diff.persons
            if -one.difference > limit_person
        ]
    return tuple(said)


def _changes(old: PlanFigures, new: PlanFigures, fields: tuple[str, ...]) -> tuple[Change, ...]:
    """Sums by some fields of the lines and the currency, in their order."""
    before, after = _sums(old.lines, fields), _sums(new.lines, fields)
    found = []
    for key in sorted({*before, *after}):
        old_sum, new_sum = before.get(key, (ZERO, ZERO)), after.get(key, (ZERO, ZERO))
        of = dict(zip(fields, key[:-1], strict=True))
        found.append(Change(of, key[-1], old_sum[0], new_sum[0], old_sum[1], new_sum[1]))
    return tuple(found)


def _sums(
    lines: Iterable[LineSum], fields: tuple[str, ...]
) -> dict[tuple[str, ...], tuple[Decimal, Decimal]]:
    sums: dict[tuple[str, ...], tuple[Decimal, Decimal]] = {}
    for line in lines:
        key = (*(str(getattr(line, name)) for name in fields), line.currency)
        payable, held = sums.get(key, (ZERO, ZERO))
        sums[key] = (payable + line.payable, held + line.held)
    return sums


def _migrations(old: Mapping[Subject, str], new: Mapping[Subject, str]) -> tuple[Migration, ...]:
    return tuple(
        Migration(*key, old=old.get(key), new=new.get(key))
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    )


def _people(persons: Iterable[Change], wanted: Callable[[Change], bool]) -> tuple[str, ...]:
    return tuple(sorted({one.of["employee_id"] for one in persons if wanted(one)}))
