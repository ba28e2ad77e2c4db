"""Ordinary changes of ownership: leavers' desks, and customers passed to assistants for care.

Belongs here: hand-overs of the made-up everyday business. Does not belong here: seeded ones (seeding_transfers).
"""

from __future__ import annotations

from datetime import datetime
from random import Random

from demo.world.clock import office_hours
from demo.world.staff import Person, end_of
from demo.world.state import World, pick

CARE_PERCENT = 14
CARE_REASONS = ("签约后转入客户维护", "account moved to customer care", "区域调整")


def leavers_desks(world: World, rng: Random, index: int) -> None:
    """Hand over every customer of those who leave in this month, on their last day."""
    for person in world.staff.leavers(world.calendar.start(index), world.calendar.end(index)):
        if person.left is None:
            continue
        department = person.job_on(person.left).department
        colleagues = [
            colleague
            for colleague in world.staff.active(department, person.left, stays_days=60)
            if colleague is not person
        ]
        for customer in world.customers:
            if customer.owner == person.employee_id:
                _move(
                    world,
                    rng,
                    customer_place(customer.customer_id),
                    colleagues,
                    end_of(person.left),
                    "离职交接",
                )


def customer_care(world: World, rng: Random, index: int) -> None:
    """Pass some sellers' customers of the month before to assistants."""
    calendar = world.calendar
    if index == 0:
        return
    sellers = {person.employee_id for person in world.staff.groups["sales"]}
    for place, customer in enumerate(world.customers):
        signed = customer.first_signed
        if signed is None or not calendar.start(index - 1) <= signed.date() <= calendar.end(index - 1):
            continue
        if customer.owner not in sellers or rng.randrange(100) >= CARE_PERCENT:
            continue
        at = office_hours(rng, calendar.random_day(rng, index))
        if at > customer.owners[-1][0]:
            assistants = world.staff.active("sales_assistant", at.date(), stays_days=60)
            _move(world, rng, place, assistants, at, rng.choice(CARE_REASONS))


def customer_place(customer_id: str) -> int:
    """Place of a customer in the list of all customers."""
    return int(customer_id[1:]) - 1


def _move(world: World, rng: Random, place: int, candidates: list[Person], at: datetime, reason: str) -> None:
    customer = world.customers[place]
    receiver = pick(rng, candidates).employee_id
    world.hand_over(customer.customer_id, customer.owner, receiver, at, reason)
    customer.owners.append((at, receiver))
