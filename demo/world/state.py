"""The state the generators share: calendar, staff, tables, customers and running numbers.

Belongs here: what more than one generator needs. Does not belong here: any business of its own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from demo.world.clock import Calendar
from demo.world.staff import Person, Staff
from demo.world.tables import Tables
from demo.world.vocabulary import Vocabulary


@dataclass
class Customer:
    """A customer as the company's own system knows it.

    `owners` is the history of ownership; `undecided_since` the last visit of one who did not buy.
    """

    customer_id: str
    name: str
    customer_type: str
    phone: str
    contact_name: str
    created: datetime
    owners: list[tuple[datetime, str]]
    code: str = ""
    email: str = ""
    preference: str = ""
    referred_by: str = ""
    first_signed: datetime | None = None
    lead_id: str = ""
    undecided_since: datetime | None = None

    def owner_at(self, moment: datetime) -> str:
        """The owner at a moment; before the first record, the first owner."""
        for since, owner in reversed(self.owners):
            if since <= moment:
                return owner
        return self.owners[0][1]

    @property
    def owner(self) -> str:
        """The present owner."""
        return self.owners[-1][1]


@dataclass
class Campaign:
    """An advertising campaign of one platform, with its own size and quality in percent."""

    platform: str
    campaign_id: str
    owner: str
    started: date
    ended: date
    size: int
    quality: int


@dataclass
class World:
    """Everything drawn so far. Each generator takes its own stream of chance with `stream`."""

    seed: int
    calendar: Calendar
    tables: Tables
    staff: Staff
    vocabulary: Vocabulary
    customers: list[Customer] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)
    _numbers: Counter[str] = field(default_factory=Counter)

    def stream(self, name: str) -> Random:
        """A stream of chance of its own, so that one generator never disturbs another."""
        return stream(self.seed, name)

    def next_id(self, prefix: str, width: int = 6) -> str:
        """The next running id with this prefix."""
        self._numbers[prefix] += 1
        return f"{prefix}{self._numbers[prefix]:0{width}d}"

    def activity(
        self, customer_id: str, employee_id: str, kind: str, at: datetime, minutes: int, deal_id: str = ""
    ) -> None:
        """Write one activity, unless it lies outside the history."""
        if self.calendar.holds(at):
            self.tables.add(
                "activities", activity_id=self.next_id("A"), customer_id=customer_id, employee_id=employee_id,
                kind=kind, started_at=at, minutes=minutes, deal_id=deal_id,
            )  # fmt: skip

    def stage(
        self, stage: str, at: datetime, employee_id: str, *, lead_id: str = "", customer_id: str = "",
        deal_id: str = "",
    ) -> None:  # fmt: skip
        """Write one journey event, unless it lies outside the history."""
        if self.calendar.holds(at):
            self.tables.add(
                "journey_events", event_id=self.next_id("J"), customer_id=customer_id, lead_id=lead_id,
                deal_id=deal_id, stage=stage, occurred_at=at, employee_id=employee_id,
            )  # fmt: skip

    def transaction(self, deal_id: str, kind: str, amount: str, currency: str, at: datetime) -> str:
        """Write one transaction and return its id; nothing ("") outside the history."""
        if not self.calendar.holds(at):
            return ""
        transaction_id = self.next_id("T")
        self.tables.add(
            "transactions", transaction_id=transaction_id, deal_id=deal_id, kind=kind, amount=amount,
            currency=currency, occurred_at=at,
        )  # fmt: skip
        return transaction_id

    def hand_over(self, customer_id: str, giver: str | None, receiver: str, at: datetime, reason: str) -> str:
        """Write one change of ownership and return its id."""
        change_id = self.next_id("O", 5)
        self.tables.add(
            "ownership_changes", change_id=change_id, customer_id=customer_id, from_employee_id=giver,
            to_employee_id=receiver, changed_at=at, reason=reason,
            changed_by=self.staff.hr_officer.employee_id,
        )  # fmt: skip
        return change_id


def stream(seed: int, name: str) -> Random:
    """A stream of chance by seed and name; text seeds do not depend on the hash of the process."""
    return Random(f"{seed}:{name}")


def money(fen: int) -> str:
    """An amount in fen as decimal text."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def pick(rng: Random, people: list[Person]) -> Person:
    """One of these people, the stronger ones more often."""
    return rng.choices(people, [person.strength for person in people])[0]


def later(moment: datetime, rng: Random, hours: tuple[int, int]) -> datetime:
    """A moment this many hours later (lowest and highest), to the minute."""
    return moment + timedelta(minutes=rng.randrange(hours[0] * 60, hours[1] * 60 + 1))
