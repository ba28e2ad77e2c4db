"""Marketing's part of the funnel: leads of every quality, visits, and the customers they become.

Two years of the same people doing the same work better: at first most visitors are new and one in three buys; at the
end most are undecided customers who come again, and of the few new ones nearly all buy.
Belongs here: leads, the early journey stages, new customers and their first owner.
Does not belong here: signing and what follows (selling).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from demo.world.clock import office_hours
from demo.world.staff import Person
from demo.world.state import Customer, World, later, pick
from demo.world.vocabulary import PREFERENCES, spaced_phone

LEADS_BASE = 170
VISIT_PERCENT = 98
#: First and last month: visitors in a hundred who come again, and new visitors in a hundred who sign.
RETURNING_PERCENT = (0, 64)
SIGNING_PERCENT = (34, 86)
#: An undecided customer comes again after so many days; a lead of fewer than 90 would be a duplicate.
RETURN_DAYS = 95
#: Who looks after a new customer, in percent.
FIRST_OWNERS = {"sales": 60, "marketing": 20, "sales_assistant": 20}
CHANNELS = ("ads", "ads", "exhibition", "wechat", "livestream", "partner", "seminar")
LEAD_TYPES = ("product", "device", "training", "franchise")
REVIEW_REASONS = ("无购买意向", "wrong region", "student, no budget", "同行打探")


@dataclass
class Prospect:
    """A lead that visited and may sign; `chance` in percent."""

    customer: Customer
    marketer: Person
    visited: datetime
    chance: int


def draw_customer(
    world: World, rng: Random, owner: str, created: datetime, lead_id: str = "", referred_by: str = ""
) -> Customer:
    """Draw a new customer and remember it; about seven in a hundred archives are incomplete."""
    words = world.vocabulary
    customer_type = words.customer_type()
    contact = words.person()
    customer_id = world.next_id("C", 5)
    is_person = customer_type == "individual"
    gap = rng.randrange(100)
    customer = Customer(
        customer_id=customer_id,
        name=contact.shown if is_person else words.company(customer_type),
        customer_type=customer_type,
        phone=words.phone(),
        contact_name="" if gap < 4 else contact.shown,
        created=created,
        owners=[(created, owner)],
        code="" if is_person or rng.randrange(10) == 0 else words.credit_code(),
        email=f"{contact.latin}@{customer_id.lower()}.example" if rng.randrange(2) else "",
        preference="" if 2 < gap < 8 else rng.choice(PREFERENCES),
        referred_by=referred_by,
        lead_id=lead_id,
    )
    world.customers.append(customer)
    return customer


def leads_of_month(world: World, rng: Random, index: int) -> list[Prospect]:
    """Write the month's leads with their journey and return those who visited."""
    calendar = world.calendar
    total = calendar.volume(index, LEADS_BASE)
    weights = {
        person.employee_id: (100 if person.job_on(calendar.end(index)).position.endswith("marketer") else 10)
        * person.strength
        for person in world.staff.groups["marketing"]
    }
    whole = sum(weights.values())
    signing = calendar.progress(index, *SIGNING_PERCENT)
    undecided = _undecided(world, rng, index)
    prospects: list[Prospect] = []
    for person in world.staff.groups["marketing"]:
        hot = rng.randrange(45, 172)
        chance = min(95, signing + rng.randrange(-16, 17))
        for _ in range(total * weights[person.employee_id] * hot // (whole * 100) + rng.randrange(2)):
            day = calendar.random_day(rng, index)
            if person.works_on(day):
                at = office_hours(rng, day)
                if undecided and rng.randrange(100) < calendar.progress(index, *RETURNING_PERCENT):
                    _returning_visitor(world, rng, person, at, undecided.pop())
                    continue
                prospect = _one_lead(world, rng, person, at, chance)
                prospects += [prospect] if prospect else []
    return prospects


def _undecided(world: World, rng: Random, index: int) -> list[Customer]:
    """Customers who visited long enough before the month and did not buy, in the order they come again."""
    before = office_hours(rng, world.calendar.start(index) - timedelta(days=RETURN_DAYS))
    found = [one for one in world.customers if one.undecided_since and one.undecided_since < before]
    rng.shuffle(found)
    return found


def _returning_visitor(world: World, rng: Random, marketer: Person, at: datetime, customer: Customer) -> None:
    """An undecided customer asks again, comes again and does not buy this time either."""
    lead_id = world.next_id("L")
    visited = later(at, rng, (2, 60))
    who = {"lead_id": lead_id, "customer_id": customer.customer_id}
    customer.undecided_since = visited
    world.stage("entered", at, marketer.employee_id, **who)
    world.stage("visited", visited, customer.owner_at(visited), **who)
    _write_lead(world, rng, marketer, at, lead_id, customer, None)
    world.activity(
        customer.customer_id, customer.owner_at(visited), "visit", later(visited, rng, (1, 3)),
        rng.randrange(10, 50),
    )  # fmt: skip


def _one_lead(world: World, rng: Random, marketer: Person, at: datetime, chance: int) -> Prospect | None:
    fate = rng.randrange(100)
    if fate < 4 and len(world.customers) > 20:
        _repeated_lead(world, rng, marketer, at)
        return None
    lead_id = world.next_id("L")
    contact: dict[str, str] = {}
    if 4 <= fate < 7:
        contact = {"phone": "", "email": "", "wecom_id": ""}
    elif 7 <= fate < 9:
        contact = {"phone": str(rng.randrange(1000, 99999)), "email": "", "wecom_id": ""}
    rejected = 9 <= fate < 13
    visited = _visit_moment(world, rng, at) if not contact and not rejected else None
    if visited is None:
        if not contact and not rejected:
            world.stage("entered", at, marketer.employee_id, lead_id=lead_id)
        _write_unknown_lead(world, rng, marketer, at, lead_id, contact, rejected)
        return None
    world.stage("entered", at, marketer.employee_id, lead_id=lead_id)
    customer = _visitor(world, rng, at, visited, lead_id)
    reviewed = at + timedelta(hours=rng.randrange(2, 30)) if rng.randrange(10) < 6 else None
    _write_lead(world, rng, marketer, at, lead_id, customer, reviewed)
    _early_stages(world, rng, customer, visited)
    if rng.randrange(100) < 35:
        world.activity(
            customer.customer_id,
            marketer.employee_id,
            "visit",
            later(visited, rng, (1, 6)),
            rng.randrange(10, 50),
        )
    return Prospect(customer, marketer, visited, chance)


def _visit_moment(world: World, rng: Random, at: datetime) -> datetime | None:
    """When the lead visits: usually inside 72 hours, sometimes late, sometimes never."""
    if rng.randrange(100) >= VISIT_PERCENT:
        return None
    visited = later(at, rng, (2, 70) if rng.randrange(100) < 96 else (74, 190))
    return visited if world.calendar.holds(visited) else None


def _visitor(world: World, rng: Random, at: datetime, visited: datetime, lead_id: str) -> Customer:
    """The customer a visiting lead becomes, given to somebody who stays for a while and keeps the archive."""
    day = visited.date()
    department = rng.choices(list(FIRST_OWNERS), list(FIRST_OWNERS.values()))[0]
    staying = world.staff.active(department, day, stays_days=50)
    owner = _keeper(world, rng, staying, day) if department == "marketing" else pick(rng, staying)
    customer = draw_customer(world, rng, owner.employee_id, at, lead_id)
    if rng.randrange(100) < 40:
        world.hand_over(customer.customer_id, None, owner.employee_id, at, "首次分配")
    return customer


def _keeper(world: World, rng: Random, staying: list[Person], day: date) -> Person:
    """A marketer for a new archive; every third goes to whoever keeps the fewest, so that newcomers get some."""
    keepers = [one for one in world.staff.archive_keepers(day) if one in staying]
    if rng.randrange(3):
        return pick(rng, keepers)
    kept = Counter(customer.owner for customer in world.customers)
    return min(keepers, key=lambda one: (kept[one.employee_id], one.employee_id))


def _early_stages(world: World, rng: Random, customer: Customer, visited: datetime) -> None:
    owner, who = customer.owner, {"lead_id": customer.lead_id, "customer_id": customer.customer_id}
    world.stage("visited", visited, owner, **who)
    luck = rng.randrange(100)
    if luck:
        world.stage("received", later(visited, rng, (0, 3) if luck < 97 else (5, 9)), owner, **who)


def _write_lead(
    world: World, rng: Random, marketer: Person, at: datetime, lead_id: str, customer: Customer,
    reviewed: datetime | None,
) -> None:  # fmt: skip
    channel = rng.choice(CHANNELS)
    running = [campaign for campaign in world.campaigns if campaign.started <= at.date() <= campaign.ended]
    campaign = rng.choice(running) if channel == "ads" and running else None
    world.tables.add(
        "leads", lead_id=lead_id, customer_id=customer.customer_id, company_name=customer.name,
        contact_name=customer.contact_name,
        phone=spaced_phone(customer.phone) if rng.randrange(4) == 0 else customer.phone,
        email=customer.email, wecom_id=f"wx_{lead_id.lower()}" if rng.randrange(3) == 0 else "",
        customer_type=customer.customer_type, lead_type=rng.choice(LEAD_TYPES), channel=channel,
        platform=campaign.platform if campaign else "", campaign_id=campaign.campaign_id if campaign else "",
        owner_employee_id=marketer.employee_id, created_at=at,
        review_status="accepted" if reviewed else "", reviewed_at=reviewed,
    )  # fmt: skip


def _write_unknown_lead(
    world: World, rng: Random, marketer: Person, at: datetime, lead_id: str, contact: dict[str, str],
    rejected: bool,
) -> None:  # fmt: skip
    """A lead that never became a customer: bad data, rejected by the review, or it did not come."""
    words = world.vocabulary
    customer_type, person = words.customer_type(), words.person()
    given = contact or {"phone": words.phone(), "email": f"{person.latin}@{lead_id.lower()}.example"}
    world.tables.add(
        "leads", lead_id=lead_id, contact_name=person.shown, customer_type=customer_type,
        company_name=person.shown if customer_type == "individual" else words.company(customer_type),
        lead_type=rng.choice(LEAD_TYPES), channel=rng.choice(CHANNELS[2:]),
        owner_employee_id=marketer.employee_id, created_at=at,
        review_status="rejected" if rejected else "",
        review_reason=rng.choice(REVIEW_REASONS) if rejected else "",
        reviewed_at=at + timedelta(hours=rng.randrange(2, 40)) if rejected else None, **given,
    )  # fmt: skip


def _repeated_lead(world: World, rng: Random, marketer: Person, at: datetime) -> None:
    """A second lead of a customer who came through a lead: a duplicate, or an existing customer."""
    recent = [customer for customer in world.customers[-400:] if customer.lead_id and customer.created < at]
    if not recent:
        return
    customer = rng.choice(recent)
    _write_lead(world, rng, marketer, at, world.next_id("L"), customer, None)
