"""Sales' part of the funnel: follow-up, signing, own business, repurchases, money in and back.

Belongs here: deals, splits, transactions, late journey stages and the activities around them.
Does not belong here: leads and visits (market), hand-overs (handovers).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from demo.business.market import Prospect, draw_customer
from demo.world.clock import office_hours
from demo.world.state import Customer, World, later, money, pick

OWN_BASE = 7
REFERRAL_BASE = 5
REPURCHASE_BASE = 23
CARE_BASE = 430
#: Lowest and highest deal of a customer type, in hundreds of CNY.
DEAL_SIZE = {
    "individual": (20, 150),
    "beauty_salon": (80, 700),
    "clinic": (180, 1200),
    "hospital": (500, 3200),
    "training_school": (150, 900),
}
PRODUCTS = ("skin_care_line", "laser_device", "injection_kit", "training_package", "consumables")
KINDS = ("call", "visit", "meeting", "message", "demo", "other")
KIND_WEIGHTS = (38, 18, 10, 22, 8, 4)
FRACTION_CLOSERS = ("0.333333333333", "0.333333333333", "0.333333333334")


@dataclass(frozen=True)
class Signing:
    """A deal about to be written."""

    customer: Customer
    at: datetime
    claimed: str
    kind: str
    referrer: str = ""


def follow_up(world: World, rng: Random, prospects: list[Prospect]) -> list[Signing]:
    """Write the sellers' activities with the month's visitors and return the deals that will be signed."""
    signings: list[Signing] = []
    for prospect in prospects:
        customer, visited = prospect.customer, prospect.visited
        signs = rng.randrange(100) < prospect.chance
        lag = rng.randrange(2, 11) if rng.randrange(10) < 9 else rng.randrange(11, 29)
        who = {"lead_id": customer.lead_id, "customer_id": customer.customer_id}
        if signs or rng.randrange(2):
            intent = later(visited, rng, (10, 20) if lag < 6 else (24, 120))
            world.stage("intent_registered", intent, customer.owner, **who)
        _contacts(world, rng, customer, visited, min(lag, 20), rng.randrange(2, 5 if signs else 4))
        customer.undecided_since = None if signs else visited
        signed = office_hours(rng, visited.date() + timedelta(days=lag))
        if signs and world.calendar.holds(signed):
            signings.append(Signing(customer, signed, rng.choice(("marketing", "marketing", "")), "new"))
    return signings


def _contacts(
    world: World, rng: Random, customer: Customer, after: datetime, days: int, count: int, deal_id: str = ""
) -> None:
    for _ in range(count):
        at = office_hours(rng, (after + timedelta(days=rng.randrange(days + 1))).date())
        kind = rng.choices(KINDS, KIND_WEIGHTS)[0]
        minutes = rng.randrange(1, 8) if kind == "message" else rng.randrange(6, 46)
        world.activity(customer.customer_id, customer.owner_at(at), kind, at, minutes, deal_id)


def own_business(world: World, rng: Random, index: int) -> list[Signing]:
    """Customers whom sellers found themselves, and customers whom customers sent; no lead exists."""
    calendar, signings = world.calendar, []
    known = [customer for customer in world.customers if customer.first_signed]
    for referred in [False] * calendar.volume(index, OWN_BASE) + [True] * calendar.volume(
        index, REFERRAL_BASE
    ):
        day = calendar.random_day(rng, index, 26)
        department = rng.choices(("sales", "sales_assistant"), (8, 3))[0]
        seller = pick(rng, world.staff.active(department, day, stays_days=50))
        referrer = rng.choice(known).customer_id if referred and known else ""
        created = office_hours(rng, day)
        noted = referrer if rng.randrange(2) else ""
        customer = draw_customer(world, rng, seller.employee_id, created, referred_by=noted)
        signed = office_hours(rng, created.date() + timedelta(days=rng.randrange(1, 20)))
        _contacts(world, rng, customer, created, max(0, (signed - created).days - 1), rng.randrange(2, 5))
        if calendar.holds(signed):
            claimed = "referral" if referrer else "self_sourced"
            signings.append(Signing(customer, signed, claimed, "new", "" if noted else referrer))
    return signings


def repurchases(world: World, rng: Random, index: int) -> list[Signing]:
    """Customers who buy again, most of them looked after by assistants."""
    calendar = world.calendar
    start = office_hours(rng, calendar.start(index)) - timedelta(days=5)
    known = [
        customer for customer in world.customers if customer.first_signed and customer.first_signed < start
    ]
    if not known:
        return []
    assistants = {person.employee_id for person in world.staff.groups["sales_assistant"]}
    weights = [6 if customer.owner in assistants else 1 for customer in known]
    count = min(calendar.volume(index, REPURCHASE_BASE), len(known) // 2)
    signings = []
    for customer in sorted(set(_ids(rng, known, weights, count))):
        buyer = world.customers[customer]
        signed = office_hours(rng, calendar.random_day(rng, index))
        _contacts(world, rng, buyer, signed - timedelta(days=9), 8, rng.randrange(1, 4))
        signings.append(Signing(buyer, signed, rng.choice(("repurchase", "repurchase", "")), "repurchase"))
    return signings


def _ids(rng: Random, known: list[Customer], weights: list[int], count: int) -> list[int]:
    """Places of the drawn customers in the list of all customers."""
    return [int(customer.customer_id[1:]) - 1 for customer in rng.choices(known, weights, k=count)]


def customer_care(world: World, rng: Random, index: int) -> None:
    """Contacts with customers who have signed, outside any deal."""
    known = [customer for customer in world.customers if customer.first_signed]
    for _ in range(min(world.calendar.volume(index, CARE_BASE), len(known) * 3)):
        customer = rng.choice(known)
        at = office_hours(rng, world.calendar.random_day(rng, index))
        if customer.first_signed and at > customer.first_signed:
            kind = rng.choices(KINDS, KIND_WEIGHTS)[0]
            world.activity(customer.customer_id, customer.owner_at(at), kind, at, rng.randrange(4, 32))


def sign(world: World, rng: Random, signing: Signing) -> None:
    """Write one deal with its splits, journey, assistance and transactions."""
    customer, at = signing.customer, signing.at
    owner, deal_id = customer.owner_at(at), world.next_id("D", 5)
    low, high = DEAL_SIZE[customer.customer_type]
    fen = min(rng.randrange(low, high), rng.randrange(low, high)) * 10_000
    fen += rng.randrange(1_000_000) if rng.randrange(3) == 0 else 0
    dollars = (
        customer.name.isascii() and customer.customer_type in ("hospital", "clinic") and rng.randrange(6) == 0
    )
    currency, fen = ("USD", fen // 7) if dollars else ("CNY", fen)
    fate = rng.randrange(1000)
    world.tables.add(
        "deals", deal_id=deal_id, customer_id=customer.customer_id, owner_employee_id=owner,
        amount=money(fen), currency=currency, units=max(1, fen // 300_000), signed_at=at,
        status="cancelled" if fate < 15 else "signed", claimed_source=signing.claimed,
        referrer_customer_id=signing.referrer, product=rng.choice(PRODUCTS), deal_kind=signing.kind,
    )  # fmt: skip
    if fate >= 15:
        customer.first_signed = customer.first_signed or at
    _splits(world, rng, deal_id, owner, at, signing)
    _late_stages(world, rng, customer, deal_id, at)
    if rng.randrange(100) < 25:
        helper = pick(rng, world.staff.active("sales_assistant", at.date()))
        when = at - timedelta(hours=rng.randrange(2, 60))
        world.activity(customer.customer_id, helper.employee_id, "demo", when, rng.randrange(15, 60), deal_id)
    _money_moves(world, rng, deal_id, fen, currency, at, fate)


def _splits(world: World, rng: Random, deal_id: str, owner: str, at: datetime, signing: Signing) -> None:
    """Some deals have several closers, some a collaboration share."""
    colleagues = [p.employee_id for p in world.staff.active("sales", at.date()) if p.employee_id != owner]
    luck = rng.randrange(100)
    if luck < 7:
        share = rng.choice(("0.5", "0.7", "0.6"))
        rest = {"0.5": "0.5", "0.7": "0.3", "0.6": "0.4"}[share]
        closers = zip((owner, rng.choice(colleagues)), (share, rest), strict=True)
    elif luck < 9:
        closers = zip((owner, *rng.sample(colleagues, 2)), FRACTION_CLOSERS, strict=True)
    else:
        closers = zip((), (), strict=True)
    for employee_id, share in closers:
        world.tables.add("deal_splits", deal_id=deal_id, pool="closing", employee_id=employee_id, share=share)
    if signing.claimed == "marketing" and rng.randrange(100) < 6:
        helper = pick(rng, world.staff.active("sales_assistant", at.date())).employee_id
        for employee_id in sorted({helper, rng.choice(colleagues)}):
            world.tables.add(
                "deal_splits", deal_id=deal_id, pool="collaboration", employee_id=employee_id, share="0.5"
            )


def _late_stages(world: World, rng: Random, customer: Customer, deal_id: str, at: datetime) -> None:
    """Archiving the contract and settling, usually in time, sometimes late or forgotten."""
    if not customer.lead_id or customer.first_signed not in (None, at):
        return
    who = {"lead_id": customer.lead_id, "customer_id": customer.customer_id, "deal_id": deal_id}
    luck = rng.randrange(100)
    archived = later(at, rng, (2, 96) if luck < 98 else (760, 1100))
    if luck:
        world.stage("contract_archived", archived, customer.owner_at(archived), **who)
    settled = later(archived, rng, (10, 300) if luck < 97 else (380, 700))
    if rng.randrange(100):
        world.stage("settled", settled, customer.owner_at(settled), **who)


def _money_moves(
    world: World, rng: Random, deal_id: str, fen: int, currency: str, at: datetime, fate: int
) -> None:
    """Invoice, instalments and now and then a refund; `fate` < 10 cancels with a transaction, < 15 without."""
    if fate < 15:
        if fate < 10:
            world.transaction(deal_id, "cancellation", money(fen), currency, later(at, rng, (24, 500)))
        return
    if rng.randrange(100) < 88:
        world.transaction(deal_id, "invoice", money(fen), currency, later(at, rng, (1, 160)))
    parts = rng.choice((1, 1, 1, 2, 3))
    for part in range(parts):
        amount = fen // parts + (fen % parts if part == 0 else 0)
        paid = later(at, rng, (2 + part * 360, 240 + part * 480))
        world.transaction(deal_id, "payment", money(amount), currency, paid)
    if fate < 55:
        back = fen if fate < 25 else fen * rng.randrange(10, 70) // 100
        world.transaction(deal_id, "refund", money(back), currency, later(at, rng, (200, 1600)))
