"""Rules between plans: what no employee may have twice at the same time.

Belongs here: overlaps and the common time zone. Does not belong here: rules inside one plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from compensation.checks.component_keys import Key, describe, keys_between_plans
from compensation.model.plan import Plan
from compensation.source.errors import PlanProblem
from compensation.source.located_yaml import PlanSource

OPEN_END = date(9999, 12, 31)


@dataclass(frozen=True)
class CheckedPlan:
    """A plan that is valid in itself, with its file."""

    plan: Plan
    source: PlanSource

    @property
    def valid_to(self) -> date:
        """First day out of force, 9999-12-31 for an open end."""
        return self.plan.valid_to or OPEN_END


def check_across(plans: Sequence[CheckedPlan]) -> Iterator[PlanProblem]:
    """All problems between plans; each is reported once, at the plan that begins later."""
    ordered = sorted(plans, key=lambda item: (item.plan.valid_from, item.plan.plan_id, item.source.file))
    yield from _check_unique(ordered)
    yield from _check_timezones(ordered)
    for first, second in combinations(ordered, 2):
        if second.plan.valid_from < first.valid_to and first.plan.plan_id != second.plan.plan_id:
            yield from _check_crediting(first, second)
            yield from _check_components(first, second)


def gaps_between(plans: Sequence[CheckedPlan]) -> Iterator[PlanProblem]:
    """Days without a plan between two plans of one department: somebody forgot them (reading 47).

    No error, for what is missing may be meant; lines of these days are held with `no_plan`. Reported once, at the
    plan that begins later, for all departments alike.
    """
    gaps: dict[tuple[date, date], dict[str, tuple[CheckedPlan, CheckedPlan]]] = {}
    for name in sorted({name for item in plans for name in item.plan.applies_to.departments}):
        own = [item for item in plans if name in item.plan.applies_to.departments]
        last: CheckedPlan | None = None
        for item in sorted(own, key=lambda item: (item.plan.valid_from, item.plan.plan_id)):
            if last is not None and last.valid_to < item.plan.valid_from:
                gaps.setdefault((last.valid_to, item.plan.valid_from), {})[name] = (last, item)
            last = item if last is None or item.valid_to > last.valid_to else last
    for (end, start), departments in sorted(gaps.items()):
        first, second = next(iter(departments.values()))
        until = start - timedelta(days=1)
        days = f"on {end}" if end == until else f"from {end} to {until}"
        text = (
            f"{first.plan.plan_id} ends before {end}, {second.plan.plan_id} begins on {start}: no plan for "
            f"{', '.join(departments)} {days}; valid_to is the first day the plan is no longer in force"
        )
        yield second.source.problem(("valid_from",), text)


def _check_unique(plans: Sequence[CheckedPlan]) -> Iterator[PlanProblem]:
    """A plan id exists once."""
    seen: dict[str, CheckedPlan] = {}
    for item in plans:
        first = seen.setdefault(item.plan.plan_id, item)
        if first is not item:
            text = f"{item.plan.plan_id!r} is already the id of {first.source.file}"
            yield item.source.problem(("plan_id",), text)


def _check_timezones(plans: Sequence[CheckedPlan]) -> Iterator[PlanProblem]:
    """All plans have the time zone of the first."""
    for item in plans[1:]:
        zone, first = plans[0].plan.timezone, plans[0]
        if item.plan.timezone != zone:
            text = f"is {item.plan.timezone}, but {first.source.file} says {zone}: all plans must agree"
            yield item.source.problem(("timezone",), text, (zone,))


def _check_crediting(first: CheckedPlan, second: CheckedPlan) -> Iterator[PlanProblem]:
    """Two plans in force at the same time do not both have crediting."""
    if first.plan.crediting is not None and second.plan.crediting is not None:
        where = f"{first.source.file}:{first.source.line_of(('crediting',))}"
        text = f"overlaps the crediting of {first.plan.plan_id} ({where}) {_span(first, second)}"
        yield second.source.problem(("crediting",), text)


def _check_components(first: CheckedPlan, second: CheckedPlan) -> Iterator[PlanProblem]:
    """Two plans in force at the same time do not pay one employee for the same thing."""
    positions = _common_positions(first.plan, second.plan)
    paid: dict[Key, list[int]] = {}
    for index, component in enumerate(first.plan.components):
        for key in keys_between_plans(component):
            paid.setdefault(key, []).append(index)
    for index, component in enumerate(second.plan.components):
        for key in keys_between_plans(component):
            for other in paid.get(key, []):
                theirs = first.plan.departments_of(first.plan.components[other])
                mine = second.plan.departments_of(component)
                common = [name for name in mine if name in theirs]
                whole_company = key == ("roi",)
                if not whole_company and not (common and positions):
                    continue
                who = "" if whole_company else f" for {', '.join(common)} ({', '.join(positions)})"
                where = f"{first.source.file}:{first.source.line_of(('components', other))}"
                theirs_text = f"plan {first.plan.plan_id} ({where}) {_span(first, second)}"
                text = f"{describe(key)}{who} overlaps {theirs_text}"
                yield second.source.problem(("components", index), text)


def _common_positions(first: Plan, second: Plan) -> list[str]:
    """Positions both plans apply to; no position named means every one."""
    mine, theirs = second.applies_to.positions, first.applies_to.positions
    if not mine or not theirs:
        return mine or theirs or ["every position"]
    return [position for position in mine if position in theirs]


def _span(first: CheckedPlan, second: CheckedPlan) -> str:
    """The days both plans are in force."""
    end = min(first.valid_to, second.valid_to)
    until = "on" if end == OPEN_END else f"to {end}"
    return f"from {second.plan.valid_from} {until}"
