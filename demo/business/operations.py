"""Everyday duties that the KPIs measure; every marketer watches the market and keeps materials of her own.

Belongs here: product inputs, competitor reports, violations, materials.
Does not belong here: customers and money.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from demo.world.clock import office_hours
from demo.world.staff import Person
from demo.world.state import World, later, money

DUTY_DEPARTMENTS = ("marketing", "sales", "sales_assistant")
VIOLATION_KINDS = ("private_discount", "late_archive", "discount_without_approval", "missed_handover")
#: Material: price in fen, one keeper's monthly receipts in units.
MATERIALS = {
    "MAT-BROCHURE": (850, 360),
    "MAT-SAMPLE": (4200, 180),
    "MAT-GIFT": (2600, 120),
    "MAT-DEMO-KIT": (38_000, 12),
    "MAT-POSTER": (1500, 90),
}


def write_operations(world: World) -> None:
    """Write every table of this module."""
    _product_inputs(world)
    _competitor_events(world)
    _violations(world)
    _movements(world)
    _requests(world)


def on_duty(world: World, index: int) -> list[Person]:
    """Who works in marketing or sales for the whole month."""
    first, last = world.calendar.start(index), world.calendar.end(index)
    return [
        person
        for person in world.staff.people
        if person.works_on(first)
        and person.works_on(last)
        and person.job_on(first).department in DUTY_DEPARTMENTS
    ]


def marketers_of(world: World, index: int) -> list[Person]:
    """The marketers who have a duty in the month: those who work on its first day."""
    return world.staff.active("marketing", world.calendar.start(index))


def _product_inputs(world: World) -> None:
    rng = world.stream("product_inputs")
    for index in range(world.calendar.months):
        for person in on_duty(world, index):
            is_marketer = person.job_on(world.calendar.start(index)).department == "marketing"
            for _ in range(rng.randrange(7, 14) if is_marketer else rng.randrange(0, 4)):
                at = office_hours(rng, world.calendar.random_day(rng, index))
                adopted = later(at, rng, (48, 900)) if rng.randrange(100) < 62 else None
                world.tables.add(
                    "product_inputs", input_id=world.next_id("P"), employee_id=person.employee_id,
                    submitted_at=at,
                    adopted_at=adopted if adopted and world.calendar.holds(adopted) else None,
                )  # fmt: skip


def _competitor_events(world: World) -> None:
    """Every marketer sees something in a month, half of the others do; few reports are late or not complete."""
    rng = world.stream("competitors")
    for index in range(world.calendar.months):
        marketers = marketers_of(world, index)
        for person in marketers:
            for _ in range(rng.randrange(1, 3)):
                _competitor_event(world, rng, person, index)
        for person in on_duty(world, index):
            if person not in marketers and rng.randrange(2):
                _competitor_event(world, rng, person, index)


def _competitor_event(world: World, rng: Random, person: Person, index: int) -> None:
    last = world.staff.last_day(person, world.calendar.end(index))
    at = office_hours(rng, world.calendar.random_day(rng, index, min(27, last.day)))
    luck = rng.randrange(100)
    parts = [not (luck < 2 and rng.randrange(2)) for _ in range(3)] + [luck >= 2]
    world.tables.add(
        "competitor_events", event_id=world.next_id("V", 5), employee_id=person.employee_id,
        discovered_at=at, reported_at=later(at, rng, (1, 23) if luck < 96 else (25, 60)),
        has_features=parts[0], has_target_users=parts[1], has_impact=parts[2], has_advice=parts[3],
    )  # fmt: skip


def _violations(world: World) -> None:
    """Three a month among people without seeded violations; nearly all are put right."""
    rng = world.stream("violations")
    spared = {world.staff.violator.employee_id, world.staff.failing_seller.employee_id}
    for index in range(world.calendar.months):
        people = [person for person in on_duty(world, index) if person.employee_id not in spared]
        for _ in range(3):
            day = world.calendar.random_day(rng, index)
            rectified = day + timedelta(days=rng.randrange(2, 25)) if rng.randrange(100) < 95 else None
            world.tables.add(
                "policy_violations", violation_id=world.next_id("W", 4),
                employee_id=rng.choice(people).employee_id, kind=rng.choice(VIOLATION_KINDS), occurred_on=day,
                rectified_on=rectified if rectified and world.calendar.holds(rectified) else None,
            )  # fmt: skip


def _movements(world: World) -> None:
    """Each marketer's own material: opening stock, then receipts, issues and small losses; never below zero."""
    rng = world.stream("materials")
    stocks: dict[str, int] = {}
    for index in range(world.calendar.months):
        for person in marketers_of(world, index):
            _, _, monthly = _material_of(world, person)
            if person.employee_id not in stocks:
                stocks[person.employee_id] = monthly * 2
                _move(world, person, world.calendar.start(index), "opening", monthly * 2)
            received = monthly * rng.randrange(80, 121) // 100
            stock = stocks[person.employee_id] + received
            _move(world, person, world.calendar.start(index) + timedelta(days=4), "receipt", received)
            for week in range(3):
                issued = min(stock, monthly * rng.randrange(20, 46) // 100)
                stock -= issued
                day = world.calendar.start(index) + timedelta(days=6 + week * 7 + rng.randrange(5))
                _move(world, person, day, "issue", issued)
            stocks[person.employee_id] = stock - _loss(world, rng, person, index, stock)


def _material_of(world: World, person: Person) -> tuple[str, int, int]:
    """The material a marketer keeps, its price and her monthly receipts."""
    material = list(MATERIALS)[world.staff.groups["marketing"].index(person) % len(MATERIALS)]
    return (material, *MATERIALS[material])


def _loss(world: World, rng: Random, person: Person, index: int, stock: int) -> int:
    if rng.randrange(3):
        return 0
    lost = min(stock, max(1, stock * rng.randrange(1, 4) // 100))
    kind = rng.choice(("expired", "damaged"))
    _move(world, person, world.calendar.end(index) - timedelta(days=1), kind, lost)
    return lost


def _move(world: World, person: Person, day: date, kind: str, quantity: int) -> None:
    """Write a movement of the person's material; the stock of somebody who has left does not move."""
    if quantity and person.works_on(day):
        material, price, _ = _material_of(world, person)
        world.tables.add(
            "material_movements", movement_id=world.next_id("M", 5), material_id=material,
            owner_employee_id=person.employee_id, moved_on=day, kind=kind, quantity=quantity,
            amount=money(quantity * price),
        )  # fmt: skip


def _requests(world: World) -> None:
    """Two or three requests a month for each marketer's material; nearly all are issued."""
    rng = world.stream("requests")
    for index in range(world.calendar.months):
        for person in marketers_of(world, index):
            last = world.staff.last_day(person, world.calendar.end(index))
            for _ in range(rng.randrange(2, 4)):
                at = office_hours(rng, world.calendar.random_day(rng, index, min(25, last.day)))
                issued = later(at, rng, (1, 60)) if rng.randrange(100) < 96 else None
                world.tables.add(
                    "material_requests", request_id=world.next_id("G", 5),
                    material_id=_material_of(world, person)[0], handler_employee_id=person.employee_id,
                    requested_at=at,
                    issued_at=issued if issued and world.calendar.holds(issued) else None,
                )  # fmt: skip
