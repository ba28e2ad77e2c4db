"""KPIs that depend on a row in quarantine beyond the month and the people it names (reading 41; decision 0128).

Belongs here: whose KPIs of which months are in question. Does not belong here: what is held for whole months
(`quarantine.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from tests.reference.months import first_day, interval_of, months_of, period_of, shift
from tests.reference.templates import Row
from tests.reference.unread import WHEN, day_of, keys_of, months_of_deal, people_of

if TYPE_CHECKING:
    from tests.reference.deals import Deal
    from tests.reference.world import World

#: employee, month, KPI
Key = tuple[str, str, str]
Months = set[tuple[str, str]]

#: KPIs of the customers somebody owns
ARCHIVE = ("archive_coverage", "archive_update_rate", "archive_accuracy")
OWNED = (*ARCHIVE, "customer_return_rate", "customers_maintained")
#: KPIs of the campaigns somebody owns, and those among them that count spend or deals
SPENT = ("ad_roas", "customer_acquisition_cost")
ADS = ("impressions", "ad_conversion_rate", "click_through_rate", *SPENT)
STOCK = ("material_turnover", "material_loss_rate")


def unread_kpis(world: World, template: str, row: Row, deals: Iterable[Deal]) -> Iterator[Key]:
    """Employee, month and KPI that depend on a row; `deals` are those in question because of it."""
    moment = row.get("created_at" if template == "customers" else WHEN.get(template, ""))
    people, keys = people_of(world, template, row), keys_of(world, template, row)
    since = _from(world, moment)
    if template == "deals":
        yield from _each(_owners(world, keys, since), ["customer_return_rate"])
    if template == "customers":
        yield from _each(_among(people, since), OWNED)
        yield from _each(_owners(world, keys, _from(world, _first(world, keys, moment))), OWNED)
    if template == "ownership_changes":
        since = since if _is_a_later_change(world, keys, moment) else world.periods
        yield from _each(_among(people, since) | _owners(world, keys, since), OWNED)
    if template == "archive_checks":
        checked = row.get("checked_at")
        months = [period_of(world.day(checked))] if checked else world.periods
        yield from _each(_owners(world, keys, months), ["archive_accuracy"])
    if template == "campaigns":
        yield from _each(_among(people, world.periods), ADS)
    if template == "material_movements":
        yield from _each(_among(people, since), STOCK)
    if template == "brand_surveys" and moment:
        following = months_of(interval_of(shift(period_of(moment), 3), "quarter"))[-1]
        yield from _each(_among(people, [following]), ["brand_awareness_lift"])
    if template == "fx_rates":
        yield from _each(_spent_in(world, row.get("currency"), row.get("date")), SPENT)
    yield from _each(_advertised(world, template, row, deals, keys), SPENT)


def unread_courses(world: World, template: str, row: Row) -> Iterator[Key]:
    """Employee, month and course (empty: every course) that depend on a row; a result counts from then on."""
    if template == "course_results":
        since = _from(world, row.get("completed_at"))
        yield from _each(_among(people_of(world, template, row), since), [row.get("course_id") or ""])


def _each(months: Months, names: Iterable[str]) -> Iterator[Key]:
    yield from ((employee, period, name) for employee, period in months for name in names)


def _among(people: Iterable[str], months: Iterable[str]) -> Months:
    return {(employee, period) for period in months for employee in people}


def _from(world: World, moment: datetime | date | None) -> list[str]:
    """The months from a moment on; all when it cannot be read."""
    return [m for m in world.periods if moment is None or m >= period_of(day_of(world, moment))]


def _first(world: World, keys: set[str], moment: datetime | None) -> datetime | None:
    """When a customer was created: as the row says, or a record of the customer that was accepted."""
    known = [r["created_at"] for r in world.company.customers if world.key_of(r["customer_id"]) in keys]
    return min([moment, *known]) if moment else None


def _owners(world: World, keys: set[str], months: Iterable[str]) -> Months:
    """Who owned one of the customers in which of the months, on any of its days."""
    return {
        (owned.owner, period)
        for key in keys
        for owned in world.ownership.get(key, [])
        for period in months
        if owned.owner
        and world.day(owned.valid_from) < first_day(shift(period, 1))
        and world.day(owned.valid_to) >= first_day(period)
    }


def _is_a_later_change(world: World, keys: set[str], moment: datetime | None) -> bool:
    """True when the customer changed hands before: the first change also says whose it was until then."""
    return moment is not None and any(
        world.key_of(other["customer_id"]) in keys and other["changed_at"] <= moment
        for other in world.company.ownership_changes
    )


def _campaign(row: Row) -> tuple[str, str]:
    return row.get("platform") or "", row.get("campaign_id") or ""


def _campaign_owners(world: World) -> dict[tuple[str, str], str | None]:
    return {_campaign(r): world.people.resolve(r.get("owner_employee_id")) for r in world.company.campaigns}


def _spent_in(world: World, currency: str | None, day: date | None) -> Months:
    """Owners and months of advertising paid in a currency on or after a day."""
    owners = _campaign_owners(world)
    found = {
        (owners.get(_campaign(row)), period_of(row["date"]))
        for row in world.company.ad_daily
        if currency and row.get("currency") == currency and (day is None or day <= row["date"])
    }
    return {(owner, period) for owner, period in found if owner}


def _advertised(world: World, template: str, row: Row, deals: Iterable[Deal], keys: set[str]) -> Months:
    """Owners of campaigns that may have brought deals in question, in the months of these deals."""
    owners = _campaign_owners(world)
    own = {owners.get(_campaign(row))} if template == "leads" else set()
    found = set()
    for deal in deals:
        brought = own | {owners.get(_campaign(lead.row)) for lead in world.leads_by_key[deal.customer_key]}
        months = months_of_deal(world, template, row, deal)
        found |= {(owner, period) for owner in brought for period in months}
    if template == "deals":
        brought = {owners.get(_campaign(lead.row)) for key in keys for lead in world.leads_by_key[key]}
        months = {period_of(world.day(row["signed_at"]))} if row.get("signed_at") else set(world.periods)
        found |= {(owner, period) for owner in brought for period in months}
    return {(owner, period) for owner, period in found if owner}
