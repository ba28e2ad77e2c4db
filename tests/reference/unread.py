"""What of a row in quarantine can be read: whom it is about, when it counts, which customer it may belong to.

Belongs here: reading such a row. Does not belong here: what it holds (`quarantine.py`, `unread_kpis.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from tests.reference.identity import identity_keys, name_key
from tests.reference.months import months_of, period_of
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.deals import Deal
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


def people_of(world: World, template: str, row: Row) -> set[str]:
    """Employees a row is about: named in it, by splits of its deal, by its user or campaign so far."""
    named = {world.people.resolve(row.get(column)) for column in ABOUT}
    if template == "deals":
        named |= {
            world.people.resolve(item["employee_id"])
            for item in world.company.deal_splits
            if item["deal_id"] == row.get("deal_id")
        }
    if template == "source_users":
        named |= world.people.named_so_far(row.get("source_user_id"))
    if template in ("ad_daily", "campaigns"):
        named |= {
            world.people.resolve(campaign.get("owner_employee_id"))
            for campaign in world.company.campaigns
            if (campaign["platform"], campaign["campaign_id"])
            == (row.get("platform"), row.get("campaign_id"))
        }
    return {name for name in named if name}


def periods_of(world: World, template: str, row: Row) -> Iterable[str]:
    """Months a row counts in; every month when it does not say when."""
    if template in WITH_PERIOD:
        return months_of(row["period"]) if row.get("period") else world.periods
    moment = row.get(WHEN.get(template, ""))
    if moment is None:
        return world.periods
    return [period_of(day_of(world, moment))]


def day_of(world: World, value: datetime | date) -> date:
    """Business date of a moment; a date is one."""
    return world.day(value) if isinstance(value, datetime) else value


def keys_of(world: World, template: str, row: Row) -> set[str]:
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


def joins(world: World, template: str, row: Row) -> bool:
    """True for a lead that belongs to several customers: with it they are one."""
    return template == "leads" and len(keys_of(world, template, row)) > 1


def months_of_deal(world: World, template: str, row: Row, deal: Deal) -> set[str]:
    """Months in which a deal counts: of its signing, of its transactions, and of one in quarantine."""
    moments = [deal.signed_at, *(other["occurred_at"] for other in world.transactions[deal.deal_id])]
    found = {period_of(world.day(moment)) for moment in moments}
    if template == "transactions":
        found |= {month for month in _months_of_transaction(world, row) if month >= deal.period}
    return found


def _months_of_transaction(world: World, row: Row) -> Iterable[str]:
    moment = row.get("occurred_at")
    return world.periods if moment is None else [period_of(world.day(moment))]


def visit_months(world: World, row: Row) -> set[str]:
    """Months of the visits that belong to a lead in quarantine."""
    keys, created = keys_of(world, "leads", row), row.get("created_at")
    return {
        period_of(world.day(event["occurred_at"]))
        for event in world.company.journey_events
        if event["stage"] == "visited"
        and (
            event["lead_id"] == row.get("lead_id")
            if event.get("lead_id")
            else world.key_of(event.get("customer_id")) in keys
            and (created is None or created <= event["occurred_at"])
        )
    }
