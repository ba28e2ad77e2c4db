"""What cannot be read holds what depends on it (reading 41; decision 0128).

Belongs here: which deals, months and people the rows in quarantine concern. Does not belong here: putting the
reason on a line (`commission_lines.py`, `lines.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from tests.reference.months import BEGINNING, OPEN_END, interval_of, period_of
from tests.reference.templates import Row
from tests.reference.unread import (
    ROLES,
    WHEN,
    WITH_PERIOD,
    joins,
    keys_of,
    months_of_deal,
    people_of,
    periods_of,
    visit_months,
)
from tests.reference.unread_kpis import Key, unread_courses, unread_kpis

if TYPE_CHECKING:
    from tests.reference.deals import Deal
    from tests.reference.leads import Lead
    from tests.reference.world import World


#: facts with an identifier of their own; a newer version may name other people and months
FACTS = {
    "activities": "activity_id",
    "adjustments": "adjustment_id",
    "archive_checks": "check_id",
    "brand_surveys": "survey_id",
    "competitor_events": "event_id",
    "complaints": "complaint_id",
    "journey_events": "event_id",
    "leads": "lead_id",
    "material_movements": "movement_id",
    "material_requests": "request_id",
    "ownership_changes": "change_id",
    "policy_violations": "violation_id",
    "product_inputs": "input_id",
    "service_ratings": "rating_id",
}


@dataclass
class Held:
    """What is held: deals, their awards, months of people by use, roles, quotas, decisions, KPIs, courses."""

    deals: set[str] = field(default_factory=set)
    awards: set[str] = field(default_factory=set)
    months: set[tuple[str, str]] = field(default_factory=set)
    points: set[tuple[str, str]] = field(default_factory=set)
    sales: set[tuple[str, str]] = field(default_factory=set)
    contacts: set[tuple[str, str]] = field(default_factory=set)
    roles: set[tuple[str, date, date]] = field(default_factory=set)
    quotas: set[tuple[str, str, str]] = field(default_factory=set)
    decisions: set[tuple[str, str]] = field(default_factory=set)
    kpis: set[Key] = field(default_factory=set)
    courses: set[Key] = field(default_factory=set)
    teams: set[tuple[str | None, str]] = field(default_factory=set)

    def has_role(self, employee: str, day: date) -> bool:
        """True when the plan of an employee on a day depends on a row that cannot be read."""
        return any(name == employee and start <= day < end for name, start, end in self.roles)

    def looks_at(self, months: set[tuple[str, str]]) -> bool:
        """True when one of the months of people that a line is computed from is held."""
        return bool(months & self.months)

    def has_member(self, teams: set[str], months: Iterable[str]) -> bool:
        """True when a role that cannot be read may have put somebody into one of the teams in such a month."""
        return any(month in set(months) and (team in teams or team is None) for team, month in self.teams)

    def asks(self, months: set[tuple[str, str]], kpis: set[str], courses: set[str]) -> bool:
        """True when a KPI of such a month, or a course, is in question; a course that cannot be read is any."""
        is_kpi = any((name, month) in months and kpi in kpis for name, month, kpi in self.kpis)
        return is_kpi or any(
            (name, month) in months and (course in courses or (courses and not course))
            for name, month, course in self.courses
        )


def held(world: World) -> Held:
    """Everything that rows in quarantine hold."""
    found = Held()
    for template, rows in world.company.quarantined.items():
        for row in rows:
            for version in (row, *_former(world, template, row)):
                _hold(world, found, template, version)
    return found


def _former(world: World, template: str, row: Row) -> Iterator[Row]:
    """The accepted version of a fact whose newer one is in quarantine: what it names rests on the newer one as well."""
    key = FACTS.get(template)
    if key is not None and row.get(key) is not None:
        yield from (other for other in world.company.rows(template) if other[key] == row[key])


def _hold(world: World, found: Held, template: str, row: Row) -> None:
    people = people_of(world, template, row)
    months = {(employee, period) for employee in people for period in periods_of(world, template, row)}
    if template in WHEN or template in WITH_PERIOD:
        found.months |= months
    if template == "leads":
        found.points |= months
        found.months |= {(employee, month) for employee in people for month in visit_months(world, row)}
    if template == "deals":
        found.sales |= months
    if template == "activities":
        found.contacts |= months
    if template == "targets":
        found.quotas |= {(employee, row.get("kpi_id") or "", period) for employee, period in months}
    if template == "resolutions" and row.get("subject_id"):
        found.decisions.add((row.get("subject") or "payout_line", row["subject_id"]))
    if template in ROLES:
        _hold_roles(world, found, template, row)
    deals = list(_deals(world, template, row))
    for deal in deals:
        found.deals.add(deal.deal_id)
        months_in = months_of_deal(world, template, row, deal)
        found.months.update((who, m) for who in _earners(world, deal) | people for m in months_in)
    found.kpis.update(unread_kpis(world, template, row, deals))
    found.courses.update(unread_courses(world, template, row))
    if template in ("activities", "ownership_changes"):
        found.awards.update(deal.deal_id for deal in _awards(world, template, row))
    _hold_leads(world, found, template, row)


def _hold_roles(world: World, found: Held, template: str, row: Row) -> None:
    """Everything somebody earns while a role depends on a row, and the growth of the team that the row names."""
    if template != "source_users":
        start, end = _span_in_team(world, template, row)
        months_in = {m for m in world.periods if period_of(start) <= m <= period_of(end)}
        found.teams |= {(row.get("team_id"), m) for m in months_in} if months_in else set()
    for employee in people_of(world, template, row):
        start, end = _span(world, template, employee, row)
        found.roles.add((employee, start, end))
        months = {(employee, m) for m in world.periods if period_of(start) <= m <= period_of(end)}
        found.months |= months
        found.points |= months
        found.contacts |= months


def _hold_leads(world: World, found: Held, template: str, row: Row) -> None:
    """Points and visits of leads of the customer; of those before a deal, what they converted to."""
    moment = row.get(WHEN.get(template, ""))
    for lead in _leads(world, template, row):
        visited = lead.first_visit and period_of(world.day(lead.first_visit))
        if not _is_judged_by(world, template, row, lead):
            if (
                template == "deals"
                and visited
                and (month := _converts(visited, period_of(world.day(moment))))
            ):
                found.months.add((lead.owner, month))
            continue
        if lead.became_valid_at is not None:
            month = period_of(world.day(lead.became_valid_at))
            found.points.add((lead.owner, month))
            found.months.add((lead.owner, month))
        if visited:
            found.months.add((lead.owner, visited))
        if template == "journey_events" and row.get("stage") in ("visited", None):
            found.months |= {(lead.owner, month) for month in periods_of(world, template, row)}


def _is_judged_by(world: World, template: str, row: Row, lead: Lead) -> bool:
    """True when the validity of a lead may depend on a row: of deals and leads on those before it."""
    if template not in ("deals", "leads") or joins(world, template, row):
        return True
    return _is_by(row.get(WHEN[template]), lead.created_at)


def _converts(visited: str, signed: str) -> str | None:
    """Month from which a deal counts for visits of a month: conversion is as of the end of the month, or quarter."""
    is_seen = signed <= visited or interval_of(signed, "quarter") == interval_of(visited, "quarter")
    return max(visited, signed) if is_seen else None


def _span(world: World, template: str, employee: str, row: Row) -> tuple[date, date]:
    """Days on which somebody's role depends on a row: from it to the next assignment; without others always."""
    others = [role.valid_from for role in world.people.assignments.get(employee, [])]
    start = row.get("valid_from")
    if template != "employee_assignments" or start is None or not world.people.has_history(employee):
        return BEGINNING, OPEN_END
    return start, min((other for other in others if other > start), default=OPEN_END)


def _span_in_team(world: World, template: str, row: Row) -> tuple[date, date]:
    """Days on which a row puts somebody into a team: from hiring, or of an assignment until the next one."""
    start = row.get("hire_date" if template == "employees" else "valid_from")
    if start is None or template == "employees":
        return start or BEGINNING, OPEN_END
    others = [role.valid_from for role in world.people.assignments.get(row.get("employee_id") or "", [])]
    return start, min((other for other in others if other > start), default=OPEN_END)


def _earners(world: World, deal: Deal) -> set[str]:
    """Who closes a deal, and who gave its customer away."""
    closers = {
        deal.owner,
        *(world.people.resolve(r["employee_id"]) for r in world.splits[deal.deal_id, "closing"]),
    }
    evidence = world.paired.get(deal.deal_id)
    closers |= {evidence.transfer.giver} if evidence else set()
    return {str(employee) for employee in closers - {None}}


def _deals(world: World, template: str, row: Row) -> Iterator[Deal]:
    """Deals whose commission depends on a row."""
    if template in ("deals", "deal_splits", "transactions"):
        yield from (deal for deal in world.deals if deal.deal_id == row.get("deal_id"))
    if template in ("deals", "customers", "leads", "journey_events", "ownership_changes"):
        keys = keys_of(world, template, row)
        yield from (d for d in world.deals if d.customer_key in keys and _depends(world, d, template, row))
    if template == "customers":
        named = row.get("customer_id")
        yield from (deal for deal in world.deals if named and named in _referrers(world, deal))
    if template == "fx_rates":
        for deal in world.deals:
            spoken = {deal.row["currency"], *(item["currency"] for item in world.transactions[deal.deal_id])}
            if row.get("currency") in spoken and _is_by(row.get("date"), deal.signed_date):
                yield deal
    if template in ROLES:
        owned = {lead.customer_key for lead in world.leads if lead.owner in people_of(world, template, row)}
        yield from (deal for deal in world.deals if deal.customer_key in owned)


def _depends(world: World, deal: Deal, template: str, row: Row) -> bool:
    """True when a deal of the customer depends on a row of one of these templates."""
    moment = row.get(WHEN.get(template, ""))
    if template == "deals":  # an earlier deal makes this one a repurchase
        return deal.source != "repurchase" and _is_by(moment, deal.signed_at)
    if template == "leads":
        windows = deal.policy["deal_source"]["protection_days"], deal.policy["deal_source"]["lookback_days"]
        is_looked_at = _is_by(moment, deal.signed_at) and _is_within(world, deal, moment, max(windows))
        return is_looked_at or joins(world, template, row)
    if template == "journey_events":
        stages = ("visited", None)
        return row.get("stage") in stages and any(
            lead.policy["lead_validity"]["visit_days"] is not None
            for lead in world.leads_by_key[deal.customer_key]
        )
    if template == "ownership_changes":
        window = deal.policy["transfers"]["window_days"]
        is_paired = _is_by(moment, deal.signed_at) and _is_within(world, deal, moment, window)
        return is_paired or (deal.source == "self_sourced" and not deal.is_internal_circulation)
    return True


def _is_by(moment: datetime | date | None, end: datetime | date) -> bool:
    """Not later than an end; what cannot be read may be earlier."""
    return moment is None or moment <= end


def _is_within(world: World, deal: Deal, moment: datetime | None, days: int) -> bool:
    return moment is None or (deal.signed_date - world.day(moment)).days <= days


def _referrers(world: World, deal: Deal) -> set[str | None]:
    """Customer ids that a deal names as its referrer."""
    record = world.customers.get(deal.row["customer_id"], {})
    return {deal.row.get("referrer_customer_id"), record.get("referred_by_customer_id")}


def _awards(world: World, template: str, row: Row) -> Iterator[Deal]:
    """Deals whose collaboration award depends on an activity or on the owner of the referring customer."""
    keys = keys_of(world, template, row)
    for deal in world.deals:
        key = deal.customer_key if template == "activities" else deal.referrer_key
        if key in keys:
            yield deal


def _leads(world: World, template: str, row: Row) -> Iterator[Lead]:
    """Leads whose validity, or the month of it, depends on a row about their customer."""
    if template not in ("deals", "customers", "leads", "journey_events"):
        return
    for key in keys_of(world, template, row):
        yield from world.leads_by_key[key]
