"""A helper that writes single customers, leads, deals and journeys around the anchor month.

Belongs here: how a seeded record is written and remembered. Does not belong here: which facts are seeded.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from demo.seeding.facts import SeededFacts
from demo.world.staff import Person
from demo.world.state import World, money

STAGE_HOURS = (
    ("entered", 0),
    ("visited", 24),
    ("received", 26),
    ("intent_registered", 48),
)


class Seeder:
    """Writes records `n` days away from the first day of the anchor month; everybody named here stays employed."""

    def __init__(self, world: World, facts: SeededFacts) -> None:
        self.world = world
        self.tables = world.tables
        self.facts = facts
        staff = world.staff
        self.marketers = [person.employee_id for person in staff.field_marketers[:3]]
        self.sellers = [person.employee_id for person in staff.groups["sales"][:4]]
        self.assistants = [person.employee_id for person in staff.groups["sales_assistant"][:2]]
        self.hr = staff.hr_officer.employee_id
        self.leaver: Person = staff.seeded_leaver

    def moment(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment so many days from the anchor."""
        day = self.world.calendar.anchor + timedelta(days=days)
        return datetime.combine(day, time(hour, minute))

    def period(self, days: int) -> str:
        """The period of that day."""
        return f"{self.moment(days):%Y-%m}"

    def customer(self, owner: str, days: int, **given: object) -> str:
        """Write one customer with a complete archive (`given` overrides columns) and return its id."""
        words = self.world.vocabulary
        customer_id = self.world.next_id("CP", 4)
        contact = words.person()
        row: dict[str, object] = {
            "customer_id": customer_id,
            "name": words.company("clinic"),
            "customer_type": "clinic",
            "phone": words.phone(),
            "contact_name": contact.shown,
            "preference": "电话联系",
            "owner_employee_id": owner,
            "created_at": self.moment(days, 9),
            "updated_at": self.moment(days + 1, 9),
        }
        self.tables.add("customers", **(row | given))
        return customer_id

    def lead(self, customer_id: str, owner: str, days: int, reason: str = "", **given: object) -> str:
        """Write one lead linked to the customer, with the reason it must get ("" = valid)."""
        lead_id = self.world.next_id("LP", 4)
        row: dict[str, object] = {
            "lead_id": lead_id,
            "customer_id": customer_id,
            "email": f"{lead_id.lower()}@lead.example",
            "customer_type": "clinic",
            "lead_type": "product",
            "channel": "exhibition",
            "owner_employee_id": owner,
            "created_at": self.moment(days, 9, 30),
        }
        self.tables.add("leads", **(row | given))
        self.facts.lead_reasons[lead_id] = reason
        if reason == "duplicate":
            self.facts.duplicate_leads.append(lead_id)
        return lead_id

    def deal(
        self,
        customer_id: str,
        owner: str,
        days: int,
        fen: int,
        source: str,
        claimed: str = "",
        **given: object,
    ) -> str:
        """Write one deal signed at 15:00 with the source it must get ("" = not classified here)."""
        deal_id = self.world.next_id("DP", 4)
        row: dict[str, object] = {
            "deal_id": deal_id,
            "customer_id": customer_id,
            "owner_employee_id": owner,
            "amount": money(fen),
            "currency": "CNY",
            "units": 1,
            "signed_at": self.moment(days, 15),
            "status": "signed",
            "claimed_source": claimed,
            "product": "skin_care_line",
            "deal_kind": "repurchase" if source == "repurchase" else "new",
        }
        self.tables.add("deals", **(row | given))
        if source:
            self.facts.deal_sources[deal_id] = source
            self.facts.claimed_sources[deal_id] = claimed
        return deal_id

    def marketing_deal(
        self,
        owner: str,
        days: int,
        fen: int,
        claimed: str = "marketing",
        lead_days: int | None = None,
        **given: object,
    ) -> tuple[str, str, str]:
        """Write customer, valid lead (ten days earlier unless told), journey in time and deal; return their ids."""
        first = days - 10 if lead_days is None else lead_days
        customer_id = self.customer(owner, first)
        lead_id = self.lead(customer_id, self.marketers[0], first)
        deal_id = self.deal(customer_id, owner, days, fen, "marketing", claimed, **given)
        self.journey(customer_id, lead_id, deal_id, owner, first, days)
        return customer_id, lead_id, deal_id

    def self_sourced_deal(self, owner: str, days: int, fen: int, **given: object) -> tuple[str, str]:
        """Write a customer nobody else knew, and its deal; return their ids."""
        customer_id = self.customer(owner, days - 6)
        deal_id = self.deal(customer_id, owner, days, fen, "self_sourced", "self_sourced", **given)
        return customer_id, deal_id

    def journey(
        self, customer_id: str, lead_id: str, deal_id: str, owner: str, first: int, signed: int,
        hours: tuple[tuple[str, int], ...] = STAGE_HOURS,
    ) -> None:  # fmt: skip
        """Write the journey: the early stages at these hours after entering, the late ones after signing."""
        for stage, after in hours:
            at = self.moment(first, 9, 30) + timedelta(hours=after)
            self.world.stage(stage, at, owner, lead_id=lead_id, customer_id=customer_id)
        for stage, days in (("contract_archived", 1), ("settled", 6)):
            self.world.stage(
                stage, self.moment(signed + days, 16), owner, lead_id=lead_id, customer_id=customer_id,
                deal_id=deal_id,
            )  # fmt: skip

    def activity(
        self, customer_id: str, employee_id: str, days: int, minutes: int, kind: str = "call"
    ) -> None:
        """Write one activity at 11:00."""
        self.world.activity(customer_id, employee_id, kind, self.moment(days, 11), minutes)
