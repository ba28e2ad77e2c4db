"""Rules inside scorecards.

Belongs here: weights, KPIs, options, grades, courses. Does not belong here: computing a score.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from compensation.model.kpi_catalogue import KpiCatalogue, KpiEntry
from compensation.model.plan import Plan
from compensation.model.scalars import plain
from compensation.model.scorecard import Scorecard, ScorecardKpi
from compensation.source.errors import PlanProblem
from compensation.source.located_yaml import KeyPath, PlanSource

_HUNDRED = Decimal(100)


def check_scorecards(plan: Plan, source: PlanSource, catalogue: KpiCatalogue) -> Iterator[PlanProblem]:
    """All problems of the scorecards of a plan."""
    for index, component in enumerate(plan.components):
        if isinstance(component, Scorecard):
            path: KeyPath = ("components", index)
            yield from _check_weights(component, path, source)
            yield from _check_grades(component, path, source)
            yield from _check_service_bonus(component, path, source)
            for number, kpi in enumerate(component.kpis):
                yield from _check_kpi(kpi, (*path, "kpis", number), source, catalogue)
            yield from _check_repeated(component, path, source)


def check_courses(plan: Plan, source: PlanSource, known_courses: Iterable[str]) -> Iterator[PlanProblem]:
    """Courses that no delivery knows.

    Args:
        plan: the plan.
        source: its file.
        known_courses: course_id values of the deliveries.
    """
    courses = tuple(sorted(known_courses))
    for index, component in enumerate(plan.components):
        if not isinstance(component, Scorecard):
            continue
        for number, kpi in enumerate(component.kpis):
            if kpi.training is not None and kpi.training.course not in courses:
                path = ("components", index, "kpis", number, "training", "course")
                course = kpi.training.course
                yield source.problem(path, f"is an unknown course {course!r}", courses, course)


def _check_weights(card: Scorecard, path: KeyPath, source: PlanSource) -> Iterator[PlanProblem]:
    """Group weights add up to 100, and the weights inside each group do."""
    groups = {"business": card.group_weights.business, "management": card.group_weights.management}
    total = sum(groups.values(), Decimal(0))
    if total != _HUNDRED:
        yield source.problem((*path, "group_weights"), f"add up to {plain(total)}, must add up to 100")
    for group, weight in groups.items():
        members = [kpi.weight for kpi in card.kpis if kpi.group == group]
        if not members:
            if weight > 0:
                text = f"has no KPI in group {group}, which weighs {plain(weight)}"
                yield source.problem((*path, "kpis"), text)
            continue
        total = sum(members, Decimal(0))
        if total != _HUNDRED:
            text = f"weights of group {group} add up to {plain(total)}, must add up to 100"
            yield source.problem((*path, "kpis"), text)


def _check_grades(card: Scorecard, path: KeyPath, source: PlanSource) -> Iterator[PlanProblem]:
    """Grades go down to 0 without repeating a name."""
    for index, grade in enumerate(card.grades):
        where = (*path, "grades", index)
        if index and grade.from_ >= card.grades[index - 1].from_:
            before = plain(card.grades[index - 1].from_)
            text = f"grades must go down: {plain(grade.from_)} after {before}"
            yield source.problem((*where, "from"), text)
        if grade.grade in [other.grade for other in card.grades[:index]]:
            yield source.problem((*where, "grade"), f"names {grade.grade!r} twice")
    if card.grades[-1].from_ != 0:
        where = (*path, "grades", len(card.grades) - 1, "from")
        yield source.problem(where, "the last grade must begin at 0")


def _check_service_bonus(card: Scorecard, path: KeyPath, source: PlanSource) -> Iterator[PlanProblem]:
    """The KPIs of the service bonus are on the card."""
    if card.service_bonus is None:
        return
    on_card = tuple(kpi.kpi for kpi in card.kpis)
    for index, name in enumerate(card.service_bonus.kpis):
        if name not in on_card:
            where = (*path, "service_bonus", "kpis", index)
            yield source.problem(where, f"is no KPI of this scorecard: {name!r}", on_card, name)


def _check_kpi(
    kpi: ScorecardKpi, path: KeyPath, source: PlanSource, catalogue: KpiCatalogue
) -> Iterator[PlanProblem]:
    """The KPI exists, its direction is right, its options are known."""
    entry = catalogue.get(kpi.kpi)
    if entry is None:
        yield source.problem((*path, "kpi"), f"is an unknown KPI {kpi.kpi!r}", tuple(catalogue), kpi.kpi)
        return
    if kpi.direction != entry.direction:
        text = f"is {kpi.direction}, but {kpi.kpi} is a {entry.direction}-is-better KPI"
        yield source.problem((*path, "direction"), text, (entry.direction,))
    for name, value in kpi.options.items():
        yield from _check_option(name, value, entry, (*path, "options", name), source)


def _check_option(
    name: str, value: str, entry: KpiEntry, path: KeyPath, source: PlanSource
) -> Iterator[PlanProblem]:
    """A KPI option is declared and has an allowed value."""
    option = entry.options.get(name)
    if option is None:
        yield source.problem(path, f"is an unknown option of {entry.id}", tuple(entry.options), name)
    elif option.allowed and value not in option.allowed:
        yield source.problem(path, f"is an unknown value {value!r}", tuple(option.allowed), value)
    elif not option.allowed and not is_positive_number(value):
        yield source.problem(path, f"must be a number above 0, is {value}")


def is_positive_number(text: str) -> bool:
    """Whether the text of an option is a number above 0."""
    digits = text.replace(".", "", 1)
    return digits.isascii() and digits.isdigit() and Decimal(text) > 0


def _check_repeated(card: Scorecard, path: KeyPath, source: PlanSource) -> Iterator[PlanProblem]:
    """Each KPI is on the card once."""
    for index, kpi in enumerate(card.kpis):
        if kpi.kpi in [other.kpi for other in card.kpis[:index]]:
            yield source.problem((*path, "kpis", index, "kpi"), f"names {kpi.kpi!r} twice")
