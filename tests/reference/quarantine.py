"""What cannot be read holds what depends on it (reading 41; decision 0128).

Belongs here: which deals, months and people the rows in quarantine concern. Does not belong here: putting the
reason on a line (`commission_lines.py`, `lines.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from tests.reference.identity import identity_keys, name_key
from tests.reference.months import BEGINNING, OPEN_END, interval_of, months_of, period_of, shift
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.deals import Deal
    from tests.reference.leads import Lead
    from tests.reference.world import World

#: whose figures a row is about
ABOUT = ("employee_id", "owner_employee_id", "to_employee_id", "from_employee_id", "handler_employee_id")
#: the time at which a row counts, by template; the others say a period, or when they are valid
WHEN = {
    "leads": "created_at",
    "journey_events": "occurred_at",
    "activities": "started_at",
    "ownership_changes": "changed_at",
    "deals": "signed_at",
    "ad_daily": "date",
    "brand_surveys": "surveyed_on",
    "product_inputs": "submitted_at",
    "competitor_events": "discovered_at",
    "policy_violations": "occurred_on",
    "material_movements": "moved_on",
    "material_requests": "issued_at",
    "complaints": "opened_at",
    "service_ratings": "rated_at",
    "course_results": "completed_at",
}
WITH_PERIOD = ("targets", "kpi_observations", "adjustments")
#: rows that say under which plan somebody is
ROLES = ("employees", "employee_assignments", "source_users")
STOCK_MONTHS = 12  # of stock a year is looked at


@dataclass
class Held:
    """What is held: deals, their awards, months of people by use, roles, quotas, decisions."""

    deals: set[str] = field(default_factory=set)
    awards: set[str] = field(default_factory=set)
    months: set[tuple[str, str]] = field(default_factory=set)
    points: set[tuple[str, str]] = field(default_factory=set)
    sales: set[tuple[str, str]] = field(default_factory=set)
    contacts: set[tuple[str, str]] = field(default_factory=set)
    roles: set[tuple[str, date, date]] = field(default_factory=set)
    quotas: set[tuple[str, str, str]] = field(default_factory=set)
    decisions: set[tuple[str, str]] = field(default_factory=set)

    def has_role(self, employee: str, day: date) -> bool:
        """True when the plan of an employee on a day depends on a row that cannot be read."""
        return any(name == employee and start <= day < end for name, start, end in self.roles)

    def looks_at(self, employee: str, period: str, lookback: int) -> bool:
        """True when a month, or one of those before it that a rule looks at, is held."""
        return any((employee, shift(period, -back)) in self.months for back in range(lookback + 1))


def held(world: World) -> Held:
    """Everything that rows in quarantine hold."""
    found = Held()
    for template, rows in world.company.quarantined.items():
        for row in rows:
            _hold(world, found, template, row)
    return found


def _hold(world: World, found: Held, template: str, row: Row) -> None:
    people = _people(world, template, row)
    months = {(employee, period) for employee in people for period in _periods(world, template, row)}
    if template in WHEN or template in WITH_PERIOD:
        found.months |= months
    if template == "leads":
        found.points |= months
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
    for deal in _deals(world, template, row):
        found.deals.add(deal.deal_id)
        found.months.update(_months_of_deal(world, deal, people))
    if template in ("activities", "ownership_changes"):
        found.awards.update(deal.deal_id for deal in _awards(world, template, row))
    _hold_leads(world, found, template, row)


def _hold_roles(world: World, found: Held, template: str, row: Row) -> None:
    """Everything somebody earns while a role depends on a row."""
    for employee in _people(world, template, row):
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


def _is_judged_by(world: World, template: str, row: Row, lead: Lead) -> bool:
    """True when the validity of a lead may depend on a row: of deals and leads on those before it."""
    if template not in ("deals", "leads") or _joins(world, template, row):
        return True
    return _is_by(row.get(WHEN[template]), lead.created_at)


def _converts(visited: str, signed: str) -> str | None:
    """Month from which a deal counts for visits of a month: conversion is as of the end of the month, or quarter."""
    is_seen = signed <= visited or interval_of(signed, "quarter") == interval_of(visited, "quarter")
    return max(visited, signed) if is_seen else None


def _joins(world: World, template: str, row: Row) -> bool:
    """True for a lead that belongs to several customers: with it they are one."""
    return template == "leads" and len(_keys(world, template, row)) > 1


def _people(world: World, template: str, row: Row) -> set[str]:
    """Employees a row is about: named in it; of ads the owner, of deals those of its splits, of a user so far."""
    named = {world.people.resolve(row.get(column)) for column in ABOUT}
    if template == "deals":
        named |= {
            world.people.resolve(item["employee_id"])
            for item in world.company.deal_splits
            if item["deal_id"] == row.get("deal_id")
        }
    if template == "source_users":
        named |= world.people.named_so_far(row.get("source_user_id"))
    if template == "ad_daily":
        named |= {
            world.people.resolve(campaign.get("owner_employee_id"))
            for campaign in world.company.campaigns
            if (campaign["platform"], campaign["campaign_id"])
            == (row.get("platform"), row.get("campaign_id"))
        }
    return {name for name in named if name}


def _periods(world: World, template: str, row: Row) -> Iterable[str]:
    """Months a row counts in; every month when it does not say when."""
    if template in WITH_PERIOD:
        return months_of(row["period"]) if row.get("period") else world.periods
    moment = row.get(WHEN.get(template, ""))
    if moment is None:
        return world.periods
    month = period_of(_day(world, moment))
    steps = STOCK_MONTHS if template == "material_movements" else 1
    return [shift(month, step) for step in range(steps)]


def _span(world: World, template: str, employee: str, row: Row) -> tuple[date, date]:
    """Days on which somebody's role depends on a row: from it to the next assignment; without others always."""
    others = [role.valid_from for role in world.people.assignments.get(employee, [])]
    start = row.get("valid_from")
    if template != "employee_assignments" or start is None or not world.people.has_history(employee):
        return BEGINNING, OPEN_END
    return start, min((other for other in others if other > start), default=OPEN_END)


def _day(world: World, value: datetime | date) -> date:
    return world.day(value) if isinstance(value, datetime) else value


def _months_of_deal(world: World, deal: Deal, named: set[str]) -> Iterator[tuple[str, str]]:
    """Months of a deal's closers in which it counts: of its signing and of its transactions."""
    days = [deal.signed_date, *(world.day(row["occurred_at"]) for row in world.transactions[deal.deal_id])]
    closers = {
        deal.owner,
        *(world.people.resolve(r["employee_id"]) for r in world.splits[deal.deal_id, "closing"]),
    }
    evidence = world.paired.get(deal.deal_id)
    closers |= {evidence.transfer.giver} if evidence else set()
    for employee in (closers | named) - {None}:
        yield from ((str(employee), period_of(day)) for day in days)


def _keys(world: World, template: str, row: Row) -> set[str]:
    """customer_keys a row may belong to: of the ids it names, and of records with the same code, phone or name."""
    found = set()
    if row.get("customer_id"):
        found.add(str(world.key_of(row["customer_id"])))
    if row.get("lead_id"):
        found.add(world.keys.get(("leads", row["lead_id"]), ""))
    if template in ("customers", "leads"):
        nobody = {name_key(name) for name in world.book.placeholder_names()}
        own = set(identity_keys(template, row, world.book.person_types(), nobody))
        for source in ("customers", "leads"):
            for record in world.company.rows(source):
                if own & set(identity_keys(source, record, world.book.person_types(), nobody)):
                    record_id = record["customer_id" if source == "customers" else "lead_id"]
                    found.add(world.keys[source, record_id])
    return found - {""}


def _deals(world: World, template: str, row: Row) -> Iterator[Deal]:
    """Deals whose commission depends on a row."""
    if template in ("deals", "deal_splits", "transactions"):
        yield from (deal for deal in world.deals if deal.deal_id == row.get("deal_id"))
    if template in ("deals", "customers", "leads", "journey_events", "ownership_changes"):
        keys = _keys(world, template, row)
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
        owned = {lead.customer_key for lead in world.leads if lead.owner in _people(world, template, row)}
        yield from (deal for deal in world.deals if deal.customer_key in owned)


def _depends(world: World, deal: Deal, template: str, row: Row) -> bool:
    """True when a deal of the customer depends on a row of one of these templates."""
    moment = row.get(WHEN.get(template, ""))
    if template == "deals":  # an earlier deal makes this one a repurchase
        return deal.source != "repurchase" and _is_by(moment, deal.signed_at)
    if template == "leads":
        windows = deal.policy["deal_source"]["protection_days"], deal.policy["deal_source"]["lookback_days"]
        is_looked_at = _is_by(moment, deal.signed_at) and _is_within(world, deal, moment, max(windows))
        return is_looked_at or _joins(world, template, row)
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
    keys = _keys(world, template, row)
    for deal in world.deals:
        key = deal.customer_key if template == "activities" else deal.referrer_key
        if key in keys:
            yield deal


def _leads(world: World, template: str, row: Row) -> Iterator[Lead]:
    """Leads whose validity, or the month of it, depends on a row about their customer."""
    if template not in ("deals", "customers", "leads", "journey_events"):
        return
    for key in _keys(world, template, row):
        yield from world.leads_by_key[key]
