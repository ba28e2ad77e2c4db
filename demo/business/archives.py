"""The customer archive and what checks and complaints say about it.

Belongs here: `customers`, `archive_checks`, `complaints`, `service_ratings`.
Does not belong here: drawing customers (market).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from demo.business.operations import marketers_of
from demo.world.clock import OPENING, office_hours
from demo.world.staff import Person
from demo.world.state import Customer, World, later, pick

CHECKS_PER_MONTH = 46
COMPLAINTS_PER_MONTH = 8
RATINGS_PER_MONTH = 75
#: A month, for each marketer who keeps archives.
CHECKS_PER_MARKETER = 2
RATINGS_PER_MARKETER = 2
CHECKED_FIELDS = ("contact_name", "preference", "phone", "customer_type")


def write_archives(world: World) -> None:
    """Write all four tables of this module."""
    rng = world.stream("archives")
    for customer in world.customers:
        _write_customer(world, rng, customer)
    checks, complaints, ratings = (world.stream(name) for name in ("checks", "complaints", "ratings"))
    known: list[Customer] = []
    for index in range(world.calendar.months):
        first, last = world.calendar.start(index), world.calendar.end(index)
        known += [customer for customer in world.customers if first <= customer.created.date() <= last]
        _checks(world, checks, index, known)
        _complaints(world, complaints, index, known)
        _ratings(world, ratings, index)


def _write_customer(world: World, rng: Random, customer: Customer) -> None:
    world.tables.add(
        "customers", customer_id=customer.customer_id, name=customer.name,
        customer_type=customer.customer_type, unified_credit_code=customer.code, phone=customer.phone,
        contact_name=customer.contact_name, email=customer.email, preference=customer.preference,
        owner_employee_id=customer.owner, referred_by_customer_id=customer.referred_by,
        created_at=customer.created, updated_at=_last_update(world.calendar.last, rng, customer.created),
    )  # fmt: skip


def _last_update(last: date, rng: Random, created: datetime) -> datetime | None:
    """The latest update: three archives in ten are touched a month, so recent months are likeliest."""
    for months_back in range(12):
        if rng.randrange(100) < 30:
            day = last - timedelta(days=months_back * 30 + rng.randrange(30))
            return office_hours(rng, day) if day > created.date() else None
    return None


def _checks(world: World, rng: Random, index: int, known: list[Customer]) -> None:
    """So many archives of anybody, and some of each marketer, who keeps most of what is checked."""
    chosen = [rng.choice(known) for _ in range(CHECKS_PER_MONTH)]
    for kept in _kept_archives(world, index, known).values():
        chosen += rng.choices(kept, k=CHECKS_PER_MARKETER)
    for customer in chosen:
        at = office_hours(rng, world.calendar.random_day(rng, index))
        if at <= customer.created:
            continue
        field = rng.choice(CHECKED_FIELDS)
        recorded = str(getattr(customer, field))
        is_correct = bool(recorded) and rng.randrange(100) < 94
        world.tables.add(
            "archive_checks", check_id=world.next_id("K", 5), customer_id=customer.customer_id, field=field,
            recorded_value=recorded, verified_value=recorded if is_correct else "电话核实有误",
            is_correct=is_correct, checked_at=at, checked_by=world.staff.hr_officer.employee_id,
        )  # fmt: skip


def _kept_archives(world: World, index: int, known: list[Customer]) -> dict[str, list[Customer]]:
    """The archives each marketer keeps at the beginning of the month."""
    since = datetime.combine(world.calendar.start(index), OPENING)
    kept: dict[str, list[Customer]] = {person.employee_id: [] for person in marketers_of(world, index)}
    for customer in known:
        if customer.created < since and (owner := customer.owner_at(since)) in kept:
            kept[owner].append(customer)
    return {owner: customers for owner, customers in kept.items() if customers}


def _complaints(world: World, rng: Random, index: int, known: list[Customer]) -> None:
    """Some of anybody's buyers complain, and one or two of each marketer's."""
    buyers = [customer for customer in known if customer.first_signed]
    chosen = rng.choices(buyers, k=COMPLAINTS_PER_MONTH) if buyers else []
    for kept in _kept_archives(world, index, buyers).values():
        chosen += rng.choices(kept, k=rng.randrange(1, 3))
    for customer in chosen:
        at = office_hours(rng, world.calendar.random_day(rng, index))
        luck = rng.randrange(100)
        handled = None if luck < 3 else later(at, rng, (1, 46) if luck < 92 else (50, 120))
        world.tables.add(
            "complaints", complaint_id=world.next_id("Q", 5), customer_id=customer.customer_id,
            employee_id=customer.owner_at(at), opened_at=at,
            due_at=at + timedelta(hours=48) if rng.randrange(20) else None,
            handled_at=handled if handled and world.calendar.holds(handled) else None,
        )  # fmt: skip


def _ratings(world: World, rng: Random, index: int) -> None:
    """Ratings of sellers and assistants, the stronger ones more often, and two of each marketer."""
    for _ in range(RATINGS_PER_MONTH):
        day = world.calendar.random_day(rng, index)
        department = rng.choices(("sales", "sales_assistant"), (6, 4))[0]
        _rating(world, rng, pick(rng, world.staff.active(department, day)), day)
    for person in marketers_of(world, index):
        last = world.staff.last_day(person, world.calendar.end(index))
        for _ in range(RATINGS_PER_MARKETER):
            _rating(world, rng, person, world.calendar.random_day(rng, index, last.day))


def _rating(world: World, rng: Random, person: Person, day: date) -> None:
    tenths = min(100, 70 + rng.randrange(31) + (person.strength - 100) // 10)
    world.tables.add(
        "service_ratings", rating_id=world.next_id("R", 5), employee_id=person.employee_id,
        rated_at=office_hours(rng, day), rating=f"{tenths // 10}.{tenths % 10}",
    )  # fmt: skip
