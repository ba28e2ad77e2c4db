"""Rules inside commission, reward and task components.

Belongs here: rate tables, quotas, growth steps, task items. Does not belong here: scorecards.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from compensation.model.commission import Commission, RateTable, Tier
from compensation.model.kpi_catalogue import KpiCatalogue
from compensation.model.plan import Plan
from compensation.model.rewards import GrowthBonus, Task, TeamGrowth
from compensation.source.errors import PlanProblem
from compensation.source.located_yaml import KeyPath, PlanSource

_MAX_QUOTA_SHARE = Decimal(10)


def check_pay(plan: Plan, source: PlanSource, catalogue: KpiCatalogue) -> Iterator[PlanProblem]:
    """All problems of the commission, growth and task components of a plan."""
    known = catalogue.measurable
    for index, component in enumerate(plan.components):
        path: KeyPath = ("components", index)
        if isinstance(component, Commission):
            yield from _check_commission(component, path, source, known)
        elif isinstance(component, GrowthBonus):
            yield from _check_growth(component, path, source, known)
        elif isinstance(component, TeamGrowth):
            yield from _check_measure(component.measure, (*path, "measure"), source, known)
        elif isinstance(component, Task):
            yield from _check_task(component, path, source, known)


def _check_measure(
    measure: str, path: KeyPath, source: PlanSource, known: tuple[str, ...]
) -> Iterator[PlanProblem]:
    """The measure or KPI exists."""
    if measure not in known:
        yield source.problem(path, f"is an unknown measure or KPI {measure!r}", known, measure)


def _check_commission(
    component: Commission, path: KeyPath, source: PlanSource, known: tuple[str, ...]
) -> Iterator[PlanProblem]:
    """Exactly one kind of rates, sources the pool has, cap above floor, a quota where it is needed."""
    table, quota = component.rate_table, component.quota
    if (component.rates is None) == (table is None):
        what = "has neither rates nor rate_table" if table is None else "has both rates and rate_table"
        yield source.problem(path, f"{what}, needs exactly one")
    if component.rates == {}:
        yield source.problem((*path, "rates"), "must name at least one deal source")
    for deal_source in component.paid_sources:
        if component.pool == "origination" and deal_source != "marketing":
            where = (*path, "rates", deal_source) if table is None else (*path, "rate_table", "sources")
            text = f"the origination pool exists on marketing deals only, not on {deal_source}"
            yield source.problem(where, text, ("marketing",))
    if component.cap and component.floor and component.cap.amount < component.floor.amount:
        yield source.problem((*path, "cap"), "is below the floor")
    if quota is not None:
        yield from _check_measure(quota.kpi, (*path, "quota", "kpi"), source, known)
        if table is None or table.unit != "quota_pct":
            yield source.problem((*path, "quota"), "needs a rate_table with unit quota_pct")
    if table is not None:
        yield from _check_table(component, table, (*path, "rate_table"), source, known)


def _check_table(
    component: Commission, table: RateTable, path: KeyPath, source: PlanSource, known: tuple[str, ...]
) -> Iterator[PlanProblem]:
    """The quota of the table and its tiers."""
    quota_kpi = table.quota_kpi or (component.quota.kpi if component.quota else None)
    if table.unit == "quota_pct" and quota_kpi is None:
        yield source.problem(path, "unit quota_pct needs quota_kpi")
    if table.unit == "amount" and table.quota_kpi is not None:
        yield source.problem((*path, "quota_kpi"), "is only for unit quota_pct")
    if table.quota_kpi is not None:
        yield from _check_measure(table.quota_kpi, (*path, "quota_kpi"), source, known)
        if component.quota is not None and component.quota.kpi != table.quota_kpi:
            yield source.problem((*path, "quota_kpi"), f"differs from quota.kpi {component.quota.kpi!r}")
    yield from _check_tier_bounds(table, path, source)
    for index, tier in enumerate(table.tiers):
        yield from _check_tier_rates(tier, table.mode, (*path, "tiers", index), source)


def _check_tier_bounds(table: RateTable, path: KeyPath, source: PlanSource) -> Iterator[PlanProblem]:
    """Tiers go up without gaps and the last one, only it, is open-ended."""
    lower = Decimal(0)
    last = len(table.tiers) - 1
    for index, tier in enumerate(table.tiers):
        where = (*path, "tiers", index)
        if tier.from_ is not None and tier.from_ != lower:
            what = "leaves a gap" if tier.from_ > lower else "overlaps the tier before"
            yield source.problem((*where, "from"), f"{what}: must be {lower}, is {tier.from_}")
        if tier.up_to is None:
            if index != last:
                yield source.problem((*where, "up_to"), "only the last tier may be open-ended")
            continue
        if index == last:
            yield source.problem((*where, "up_to"), f"the last tier must be open-ended, ends at {tier.up_to}")
        if tier.up_to <= lower:
            yield source.problem((*where, "up_to"), f"tiers must go up: {tier.up_to} is not above {lower}")
        if table.unit == "quota_pct" and tier.up_to > _MAX_QUOTA_SHARE:
            yield source.problem((*where, "up_to"), f"is a share of quota, 1 = 100 %, is {tier.up_to}")
        lower = max(lower, tier.up_to)


def _check_tier_rates(tier: Tier, mode: str, path: KeyPath, source: PlanSource) -> Iterator[PlanProblem]:
    """A tier has one rate, or a start and an end rate in interpolated mode."""
    ends = (tier.start_rate, tier.end_rate)
    if tier.rate is not None:
        if ends != (None, None):
            yield source.problem(path, "has rate and start_rate or end_rate, needs one or the other")
        return
    if mode != "interpolated":
        yield source.problem((*path, "rate"), f"is missing: mode {mode} needs a rate for each tier")
    elif None in ends:
        yield source.problem((*path, "rate"), "is missing: give rate, or start_rate and end_rate")
    elif tier.up_to is None and tier.start_rate != tier.end_rate:
        yield source.problem((*path, "end_rate"), "an open-ended tier needs one rate: it has no end")


def _check_growth(
    component: GrowthBonus, path: KeyPath, source: PlanSource, known: tuple[str, ...]
) -> Iterator[PlanProblem]:
    """Steps go up and no effective rate is above 1."""
    yield from _check_measure(component.measure, (*path, "measure"), source, known)
    base = component.base_rate if component.mode == "increment" else Decimal(0)
    for index, step in enumerate(component.steps):
        where = (*path, "steps", index)
        if index and step.growth <= component.steps[index - 1].growth:
            before = component.steps[index - 1].growth
            yield source.problem((*where, "growth"), f"steps must go up: {step.growth} is not above {before}")
        if base + step.rate > 1:
            text = f"base rate and step add up to {base + step.rate}, above 1"
            yield source.problem((*where, "rate"), text)


def _check_task(
    component: Task, path: KeyPath, source: PlanSource, known: tuple[str, ...]
) -> Iterator[PlanProblem]:
    """Months that fit into each other; measures that exist, once each."""
    for name in ("best_months", "min_history_months"):
        months = getattr(component, name)
        if months > component.history_months:
            text = f"is {months}, more than history_months {component.history_months}"
            yield source.problem((*path, name), text)
    yield from _check_measure(component.talent.measure, (*path, "talent", "measure"), source, known)
    for profile in ("maintainer", "developer", "unprofiled"):
        items = getattr(component.templates, profile)
        for index, item in enumerate(items):
            where = (*path, "templates", profile, index, "measure")
            yield from _check_measure(item.measure, where, source, known)
            if item.measure in [before.measure for before in items[:index]]:
                yield source.problem(where, f"names {item.measure!r} twice")
