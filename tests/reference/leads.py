"""Valid leads (rulebook 3.1, readings 5, 8 to 10, 33; decision R10).

Belongs here: the judgement on each lead and its first visit. Does not belong here: what a lead earns.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from tests.reference.identity import phone_key
from tests.reference.people import UNRESOLVED
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.world import World

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
WECOM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")


@dataclass
class Lead:
    """A lead, who owns it and whether it is valid."""

    lead_id: str
    row: Row
    customer_key: str
    owner: str
    created_at: datetime
    created_date: date
    is_origination: bool
    policy: Row
    first_visit: datetime | None
    reasons: list[str] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        """True when every rule holds."""
        return not self.reasons

    @property
    def is_touch(self) -> bool:
        """3.5: "valid leads, and leads whose only failing reason is `duplicate`" of origination."""
        return self.is_origination and self.reasons in ([], ["duplicate"])

    @property
    def channel(self) -> str:
        """Channel for the data-driven models."""
        return (self.row.get("channel") or "").strip() or "(none)"

    @property
    def became_valid_at(self) -> datetime | None:
        """4.5: "the latest of creation, required visit and accepted review"."""
        if not self.is_valid:
            return None
        moments = [self.created_at]
        if self.policy["lead_validity"]["visit_days"] is not None and self.first_visit:
            moments.append(self.first_visit)
        if _review(self.row) == "accepted" and self.row.get("reviewed_at"):
            moments.append(self.row["reviewed_at"])
        return max(moments)


def _review(row: Row) -> str:
    return (row.get("review_status") or "").strip().lower()


def judged(world: World) -> list[Lead]:
    """All leads in order of (created_at, lead_id) with their failing reasons."""
    visits_of_lead, visits_of_key = _visits(world)
    earlier: dict[str, list[Lead]] = defaultdict(list)
    found = []
    for row in sorted(world.company.leads, key=lambda row: (row["created_at"], row["lead_id"])):
        lead = _bare(world, row)
        lead.first_visit = min(
            visits_of_lead[lead.lead_id]
            + [moment for moment in visits_of_key[lead.customer_key] if moment >= lead.created_at],
            default=None,
        )
        rules = lead.policy["lead_validity"]["rules"]
        lead.reasons = [r for r in _failures(world, lead, earlier[lead.customer_key]) if r in rules]
        earlier[lead.customer_key].append(lead)
        found.append(lead)
    return found


def _bare(world: World, row: Row) -> Lead:
    """A lead before it is judged."""
    day = world.day(row["created_at"])
    policy = world.book.policy_at(day)
    owner = world.people.resolve(row["owner_employee_id"]) or UNRESOLVED
    departments = policy["deal_source"]["origination_departments"]
    is_origination = owner == UNRESOLVED or world.people.department_at(owner, day) in departments
    key = world.keys["leads", row["lead_id"]]
    return Lead(row["lead_id"], row, key, owner, row["created_at"], day, is_origination, policy, None)


def _visits(world: World) -> tuple[dict[str, list[datetime]], dict[str, list[datetime]]]:
    """Moments of `visited` events by lead, and those naming only the customer by customer_key.

    Reading 33: "A visit event that names only the customer belongs to every lead of that customer
    created before it."
    """
    of_lead: dict[str, list[datetime]] = defaultdict(list)
    of_key: dict[str, list[datetime]] = defaultdict(list)
    for row in world.company.journey_events:
        if row["stage"] != "visited":
            continue
        if row.get("lead_id"):
            of_lead[row["lead_id"]].append(row["occurred_at"])
        elif row.get("customer_id"):
            of_key[str(world.key_of(row["customer_id"]))].append(row["occurred_at"])
    return of_lead, of_key


def _failures(world: World, lead: Lead, earlier: list[Lead]) -> Iterator[str]:
    """Failing rules in the order of 3.1."""
    row, rule = lead.row, lead.policy["lead_validity"]
    contacts = [(row.get(name) or "").strip() for name in ("phone", "email", "wecom_id")]
    if not any(contacts):
        yield "missing_contact"
    elif not _is_well_formed(*contacts):
        yield "bad_contact"
    if any((lead.created_date - other.created_date).days <= rule["dedupe_days"] for other in earlier):
        yield "duplicate"
    deals = world.bare_deals_by_key[lead.customer_key]
    if any(not deal.is_cancelled and deal.signed_at < lead.created_at for deal in deals):
        yield "existing_customer"
    accepted = rule["accepted_customer_types"]
    if accepted and _customer_type(world, row) not in accepted:
        yield "out_of_profile"
    if _review(row) == "rejected":
        yield "rejected"
    if rule["visit_days"] is not None and not _visited_within(world, lead, rule["visit_days"]):
        yield "stale"


def _is_well_formed(phone: str, email: str, wecom: str) -> bool:
    """Reading 5: `bad_contact` only "when none of the given contacts is well-formed"."""
    checks = [
        phone_key(phone) is not None,
        EMAIL.fullmatch(email) is not None,
        WECOM.fullmatch(wecom) is not None,
    ]
    return any(good for good, given in zip(checks, (phone, email, wecom), strict=True) if given)


def _customer_type(world: World, row: Row) -> str:
    """Type on the lead, else of the customer it names."""
    own = (row.get("customer_type") or "").strip()
    named = world.customers.get(row.get("customer_id") or "", {})
    return own or (named.get("customer_type") or "").strip()


def _visited_within(world: World, lead: Lead, days: int) -> bool:
    """True when the first visit is at most so many whole days after the lead (reading 1)."""
    if lead.first_visit is None:
        return False
    return (world.day(lead.first_visit) - lead.created_date).days <= days
