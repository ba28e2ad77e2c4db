"""What cannot be read holds what depends on it (reading 41; decision 0150).

Belongs here: which deals, months and people a row in quarantine concerns. Does not belong here: putting the
reason on a line (`commission_lines.py`, `lines.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from tests.reference.identity import identity_keys
from tests.reference.months import BEGINNING, OPEN_END, months_of, period_of, shift
from tests.reference.pools import split
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.deals import Deal
    from tests.reference.leads import Lead
    from tests.reference.world import World

POOLS = ("origination", "closing", "collaboration")
#: whose figures a row is about
ABOUT = (
    *("employee_id", "owner_employee_id", "to_employee_id", "from_employee_id", "handler_employee_id"),
)
#: when it counts
WHEN = (
    *("signed_at", "occurred_at", "created_at", "started_at", "changed_at", "submitted_at", "discovered_at"),
    *("occurred_on", "moved_on", "requested_at", "opened_at", "rated_at", "completed_at", "surveyed_on", "date"),
    *("checked_at", "issued_at"),
)
#: rows that say nothing about the results of the employees they name
NO_RESULT = ("source_users", "customers", "resolutions", "fx_rates", "courses")
#: rows that say under which plan somebody is
ROLES = ("employees", "employee_assignments", "source_users")
STOCK_MONTHS = 12


@dataclass
class Held:
    """What is held: pools of deals, months of people by what they are used for, people, decisions."""

    deals: set[tuple[str, str]] = field(default_factory=set)
    months: set[tuple[str, str]] = field(default_factory=set)
    points: set[tuple[str, str]] = field(default_factory=set)
    roles: list[tuple[str, date, date]] = field(default_factory=list)
    quotas: set[tuple[str, str, str]] = field(default_factory=set)
    decisions: set[tuple[str, str]] = field(default_factory=set)

    def has_role(self, employee: str, day: date) -> bool:
        """True when the plan of an employee on a day depends on a row that cannot be read."""
        return any(name == employee and start <= day < end for name, start, end in self.roles)


def held(world: World) -> Held:
    """Everything that rows in quarantine hold."""
    found = Held()
    for template, rows in world.company.quarantined.items():
        for row in rows:
            _about_people(world, found, template, row)
            _about_decisions(world, found, template, row)
            for deal, pools in _deals(world, template, row):
                found.deals.update((deal.deal_id, pool) for pool in pools)
                _results_of(world, found, deal, row)
            for lead in _leads(world, template, row):
                _points_of(world, found, lead)
    return found


# --- people and months -----------------------------------------------------------------------------------


def _about_people(world: World, found: Held, template: str, row: Row) -> None:
    """ "Employee and period → that person's scorecard, task and bonus lines of the periods named"."""
    people = _people(world, template, row)
    if template in ROLES:
        start, end = row.get("valid_from") or BEGINNING, row.get("valid_to") or OPEN_END
        found.roles.extend((employee, start, end) for employee in people)
    if template in NO_RESULT:
        return
    periods = list(_periods(world, template, row))
    for employee in people:
        found.months.update((employee, period) for period in periods)
        if template in ("leads", "journey_events", *ROLES):
            found.points.update((employee, period) for period in periods)
        if template == "targets":
            kpi = row.get("kpi_id") or ""
            found.quotas.update((employee, kpi, period) for period in periods)


def _people(world: World, template: str, row: Row) -> set[str]:
    """Employees a row is about, as far as it names them."""
    named = {world.people.resolve(row.get(column)) for column in ABOUT}
    if template == "ad_daily":
        named |= {
            world.people.resolve(campaign.get("owner_employee_id"))
            for campaign in world.company.campaigns
            if (campaign["platform"], campaign["campaign_id"]) == (row.get("platform"), row.get("campaign_id"))
        }
    if template == "archive_checks":
        key = world.key_of(row.get("customer_id"))
        named |= {owned.owner for owned in world.ownership.get(key or "", [])}
    return {name for name in named if name}


def _periods(world: World, template: str, row: Row) -> Iterable[str]:
    """Months a row counts in; every month when it does not say when."""
    if template in ROLES:
        start, end = row.get("valid_from"), row.get("valid_to") or OPEN_END
        return [m for m in world.periods if start is None or period_of(start) <= m <= period_of(end)]
    if template in ("targets", "kpi_observations", "adjustments"):
        return months_of(row["period"]) if row.get("period") else world.periods
    days = [_day(world, row[column]) for column in WHEN if row.get(column)]
    if not days or (template in MUST_SAY and not row.get(MUST_SAY[template])):
        return world.periods
    found = {period_of(day) for day in days}
    if template == "material_movements":  # stock is looked at for a year
        found |= {shift(month, step) for month in found for step in range(STOCK_MONTHS)}
    return sorted(found)


#: the moment that decides, where a row has several
MUST_SAY = {"leads": "created_at", "material_requests": "requested_at"}


def _day(world: World, value: datetime | date) -> date:
    return world.day(value) if isinstance(value, datetime) else value
