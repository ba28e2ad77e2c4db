"""Comparison of two calculations: the money of people under the plans in force and under candidate plans.

Belongs here: the arithmetic, pure. Does not belong here: reading the figures (`figures.py`), computing them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

ZERO = Decimal("0.00")
Subject = tuple[str, str, str, str]
"""Subject (an employee, or `team:ID`), period, kind of level (tier, grade, growth_rate), component id."""


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
    """Figures of one calculation for the periods compared.

    Attributes:
        lines: Sums of payout lines.
        levels: Attained levels: tier, grade, growth rate.
        names: Names of employees by id.
    """

    lines: tuple[LineSum, ...]
    levels: Mapping[Subject, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """Money under both plans of one group of lines; `of` identifies it (employee_id, period, component)."""

    of: Mapping[str, str]
    currency: str
    baseline: Decimal
    candidate: Decimal
    baseline_held: Decimal = ZERO
    candidate_held: Decimal = ZERO

    @property
    def difference(self) -> Decimal:
        """Payable lines of the candidate less those of the baseline."""
        return self.candidate - self.baseline

    @property
    def held_difference(self) -> Decimal:
        """Held lines of the candidate less those of the baseline."""
        return self.candidate_held - self.baseline_held

    @property
    def is_changed(self) -> bool:
        """Whether anything differs."""
        return bool(self.difference or self.held_difference)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON output; money as text."""
        amounts = {
            "old": self.baseline,
            "new": self.candidate,
            "difference": self.difference,
            "old_held": self.baseline_held,
            "new_held": self.candidate_held,
            "held_difference": self.held_difference,
        }
        return {**self.of, "currency": self.currency} | {key: str(value) for key, value in amounts.items()}


@dataclass(frozen=True, slots=True)
class LevelChange:
    """Another attained tier, grade or growth rate of a subject; None: no level of the kind."""

    subject: str
    period: str
    kind: str
    component_id: str
    baseline: str | None
    candidate: str | None

    def as_dict(self) -> dict[str, str | None]:
        """Plain data for JSON output."""
        return {
            "subject": self.subject,
            "period": self.period,
            "kind": self.kind,
            "component_id": self.component_id,
            "old": self.baseline,
            "new": self.candidate,
        }


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """Two calculations of the same periods compared.

    Attributes:
        persons: One change a person and currency, the largest loss first.
        person_periods: The same by period.
        components: By component.
        periods: By period.
        totals: By currency: the budget effect.
        level_changes: Attained levels that differ.
        names: Names of the persons.
        gained: People who get money only under the candidate plans.
        lost: People who get money only under the baseline.
    """

    persons: tuple[Change, ...]
    person_periods: tuple[Change, ...]
    components: tuple[Change, ...]
    periods: tuple[Change, ...]
    totals: tuple[Change, ...]
    level_changes: tuple[LevelChange, ...]
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
        return not self.level_changes and not any(change.is_changed for change in self.person_periods)


def compare(baseline: PlanFigures, candidate: PlanFigures) -> PlanDiff:
    """Compare two calculations of the same periods."""
    names = {**baseline.names, **candidate.names}
    persons = sorted(
        _changes(baseline, candidate, ("employee_id",)),
        key=lambda one: (one.difference, one.of["employee_id"]),
    )
    return PlanDiff(
        persons=tuple(persons),
        person_periods=_changes(baseline, candidate, ("employee_id", "period")),
        components=_changes(baseline, candidate, ("component",)),
        periods=_changes(baseline, candidate, ("period",)),
        totals=_changes(baseline, candidate, ()),
        level_changes=_level_changes(baseline.levels, candidate.levels),
        names=names,
        gained=_people(persons, lambda one: bool(one.candidate) and not one.baseline),
        lost=_people(persons, lambda one: bool(one.baseline) and not one.candidate),
    )


def breaches(diff: PlanDiff, limit_total: Decimal | None, limit_person: Decimal | None) -> tuple[str, ...]:
    """What goes beyond the limits, in sentences; a limit itself is allowed.

    Args:
        diff: The comparison.
        limit_total: Largest difference of the total, up or down, in each currency; None: any.
        limit_person: Largest loss of one person in one currency; None: any.
    """
    found: list[str] = []
    if limit_total is not None:
        found += [
            f"the total changes by {one.currency} {one.difference:+,}, more than {limit_total:,}"
            for one in diff.totals
            if abs(one.difference) > limit_total
        ]
    if limit_person is not None:
        found += [
            f"{one.of['employee_id']} loses {one.currency} {-one.difference:,}, more than {limit_person:,}"
            for one in diff.persons
            if -one.difference > limit_person
        ]
    return tuple(found)


def _changes(baseline: PlanFigures, candidate: PlanFigures, fields: tuple[str, ...]) -> tuple[Change, ...]:
    """Sums by some fields of the lines and the currency, in their order."""
    before, after = _sums(baseline.lines, fields), _sums(candidate.lines, fields)
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


def _level_changes(
    baseline: Mapping[Subject, str], candidate: Mapping[Subject, str]
) -> tuple[LevelChange, ...]:
    return tuple(
        LevelChange(*key, baseline=baseline.get(key), candidate=candidate.get(key))
        for key in sorted({*baseline, *candidate})
        if baseline.get(key) != candidate.get(key)
    )


def _people(persons: Iterable[Change], wanted: Callable[[Change], bool]) -> tuple[str, ...]:
    return tuple(sorted({one.of["employee_id"] for one in persons if wanted(one)}))
