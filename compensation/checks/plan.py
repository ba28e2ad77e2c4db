"""Rules inside one plan that its types alone cannot say: head, crediting, component list.

Belongs here: contradictions inside a plan and the list of all such checks. Does not belong here:
contradictions between plans (``across_plans``).
"""

from __future__ import annotations

from collections.abc import Iterator

from compensation.checks.component_keys import Key, describe, keys_of
from compensation.checks.pay import check_pay
from compensation.checks.scorecard import check_scorecards
from compensation.model.crediting import LEAD_RULES, Award, Crediting
from compensation.model.kpi_catalogue import KpiCatalogue
from compensation.model.plan import Plan
from compensation.source.errors import PlanProblem
from compensation.source.located_yaml import KeyPath, PlanSource


def check_plan(plan: Plan, source: PlanSource, stem: str, catalogue: KpiCatalogue) -> Iterator[PlanProblem]:
    """All problems inside one plan.

    Args:
        plan: the plan, valid in shape.
        source: its file, for the lines.
        stem: name of the file without its ending.
        catalogue: the known KPIs.
    """
    yield from _check_head(plan, source, stem)
    yield from _check_lists(source)
    if plan.crediting is not None:
        yield from _check_crediting(plan.crediting, source)
    yield from _check_components(plan, source)
    yield from check_pay(plan, source, catalogue)
    yield from check_scorecards(plan, source, catalogue)


def _check_head(plan: Plan, source: PlanSource, stem: str) -> Iterator[PlanProblem]:
    """Name, dates, time zone and currency."""
    if plan.plan_id != stem:
        yield source.problem(("plan_id",), f"is {plan.plan_id!r}, must be the file's name", (stem,))
    if plan.valid_to is not None and plan.valid_to <= plan.valid_from:
        yield source.problem(("valid_to",), f"is {plan.valid_to}, must be after valid_from {plan.valid_from}")
    zones = _timezones()
    if plan.timezone not in zones:
        text = f"is an unknown time zone {plan.timezone!r}"
        yield source.problem(("timezone",), text, zones, plan.timezone, list_allowed=False)
    if plan.currency not in _currencies():
        yield source.problem(("currency",), f"is no ISO 4217 currency: {plan.currency!r}")


def _timezones() -> tuple[str, ...]:
    """All time zones of this machine."""
    from zoneinfo import available_timezones

    return tuple(sorted(available_timezones()))


def _currencies() -> frozenset[str]:
    """All ISO 4217 codes."""
    from babel.core import get_global

    return frozenset(get_global("all_currencies"))


def _check_lists(source: PlanSource) -> Iterator[PlanProblem]:
    """No list names the same thing twice."""
    yield from _repeated(source.data, (), source)


def _repeated(value: object, path: KeyPath, source: PlanSource) -> Iterator[PlanProblem]:
    """Repeated names in all lists of names below a value."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _repeated(child, (*path, key), source)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            if isinstance(child, str) and child in value[:index]:
                yield source.problem((*path, index), f"names {child!r} twice")
            yield from _repeated(child, (*path, index), source)


def _check_crediting(crediting: Crediting, source: PlanSource) -> Iterator[PlanProblem]:
    """Shares, awards and rules that contradict each other."""
    shares = crediting.attribution.position
    total = shares.first + shares.middle + shares.last
    if total != 1:
        path: KeyPath = ("crediting", "attribution", "position")
        yield source.problem(path, f"shares add up to {total}, must add up to 1")
    awards: list[tuple[str, Award]] = [
        ("joint", crediting.collaboration.joint),
        ("referral", crediting.collaboration.referral),
    ]
    for name, award in awards:
        if (award.rate is None) == (award.amount is None):
            what = "has neither rate nor amount" if award.rate is None else "has both rate and amount"
            yield source.problem(("crediting", "collaboration", name), f"{what}, needs exactly one")
    yield from _check_lead_validity(crediting, source)


def _check_lead_validity(crediting: Crediting, source: PlanSource) -> Iterator[PlanProblem]:
    """Order of the rules, and settings of rules that are not in the list."""
    validity, path = crediting.lead_validity, ("crediting", "lead_validity")
    ordered = [rule for rule in LEAD_RULES if rule in validity.rules]
    if list(dict.fromkeys(validity.rules)) != ordered:
        text = f"must keep the order of the rulebook: {', '.join(ordered)}"
        yield source.problem((*path, "rules"), text)
    if validity.visit_days is not None and "stale" not in validity.rules:
        yield source.problem((*path, "visit_days"), "is set but the rule 'stale' is not in rules")
    if validity.accepted_customer_types and "out_of_profile" not in validity.rules:
        text = "is set but the rule 'out_of_profile' is not in rules"
        yield source.problem((*path, "accepted_customer_types"), text)


def _check_components(plan: Plan, source: PlanSource) -> Iterator[PlanProblem]:
    """Ids, departments, and nothing paid twice by one plan."""
    departments = tuple(plan.applies_to.departments)
    seen: dict[str, int] = {}
    owners: dict[tuple[str, Key], int] = {}
    for index, component in enumerate(plan.components):
        path: KeyPath = ("components", index)
        if component.id in seen:
            where = source.line_of(("components", seen[component.id]))
            text = f"the id {component.id!r} is already used in line {where}: give each component its own id"
            yield source.problem((*path, "id"), text)
        seen.setdefault(component.id, index)
        for number, name in enumerate(component.departments or []):
            if name not in departments:
                text = f"is no department of this plan: {name!r}"
                yield source.problem((*path, "departments", number), text, departments, name)
        clashes: dict[Key, int] = {}
        for key in keys_of(component):
            for name in plan.departments_of(component):
                first = owners.setdefault((name, key), index)
                if first != index:
                    clashes[key] = first
        for key, first in clashes.items():
            where = source.line_of(("components", first))
            yield source.problem(path, f"{describe(key)} is already paid by the component in line {where}")
