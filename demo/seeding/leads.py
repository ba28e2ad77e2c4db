"""Seeds facts of marketing: lead validity, deal sources, circulation, attribution, awards, journeys.

Belongs here: rulebook 3 and 12. Does not belong here: transfers, money and data quality (the other seeding_*).
"""

from __future__ import annotations

from demo.seeding.facts import JourneyFact
from demo.seeding.seeder import STAGE_HOURS, Seeder
from demo.world.vocabulary import spaced_phone


def seed_leads(seeder: Seeder) -> None:
    """Seed everything of this module."""
    _duplicates(seeder)
    _invalid(seeder)
    _relabelled(seeder)
    _circulation(seeder)
    _protection_boundary(seeder)
    _attribution(seeder)
    _awards(seeder)
    _journeys(seeder)
    _left_owner(seeder)


def _duplicates(p: Seeder) -> None:
    """Duplicates by link, by phone and by name, and both sides of the 90 days."""
    first, second, third = p.marketers
    linked = p.customer(p.sellers[0], 1)
    p.lead(linked, first, 2)
    p.lead(linked, second, 20, "duplicate")
    p.lead(linked, third, 50, "duplicate")
    for gap, reason in ((90, "duplicate"), (91, "")):
        customer = p.customer(p.sellers[0], -47)
        p.lead(customer, first, 45 - gap)
        p.lead(customer, second, 45, reason)
    phone = p.world.vocabulary.phone()
    p.lead("", first, 3, phone=phone)
    p.lead("", second, 9, "duplicate", phone=spaced_phone(phone))
    name = p.world.vocabulary.company("clinic")
    stem = name.removesuffix("有限公司").removesuffix("有限责任公司").removesuffix("股份有限公司")
    stem = stem.removesuffix(" Ltd.").removesuffix(" Co.,").removesuffix(" Inc.")
    p.lead("", first, 4, company_name=stem)
    p.lead("", second, 12, "duplicate", company_name=f"{stem.upper()} Co., Ltd.")


def _invalid(p: Seeder) -> None:
    """One lead for each other reason, each on a customer of its own."""
    owner, seller = p.marketers[1], p.sellers[1]
    p.lead("", owner, 5, "missing_contact", email="")
    p.lead("", owner, 5, "bad_contact", email="not-an-address", phone="12345")
    p.lead("", owner, 6, "", email="not-an-address", wecom_id="wx_seeded_ok")
    p.lead(
        "", owner, 6, "rejected", review_status="rejected", review_reason="同行打探", reviewed_at=p.moment(7)
    )
    existing, _ = p.self_sourced_deal(seller, -20, 1_200_000)
    p.lead(existing, owner, 10, "existing_customer")


def _relabelled(p: Seeder) -> None:
    """Deals that claim self-sourced although a valid lead exists: linked, or by phone only."""
    for days, fen in ((4, 3_600_000), (18, 5_250_000)):
        _, _, deal = p.marketing_deal(p.sellers[days % 3], days, fen, claimed="self_sourced")
        p.facts.relabelled_deals.append(deal)
    phone = p.world.vocabulary.phone()
    hidden = p.customer(p.sellers[2], 2, phone=phone)
    p.lead("", p.marketers[2], -3, phone=spaced_phone(phone))
    deal = p.deal(hidden, p.sellers[2], 11, 4_800_000, "marketing", "self_sourced")
    p.facts.relabelled_deals.append(deal)
    boasting = p.customer(p.sellers[3], 2)
    p.deal(boasting, p.sellers[3], 9, 900_000, "self_sourced", "marketing")


def _circulation(p: Seeder) -> None:
    """Self-sourced deals of customers that were somebody else's or marketing's; and an honest one."""
    owned = p.customer(p.sellers[0], -59)
    p.world.hand_over(owned, p.sellers[1], p.sellers[0], p.moment(-56, 14), "区域调整")
    for days in (-30, 10, 30):
        p.activity(owned, p.sellers[0], days, 35, "meeting")
    circulating = [p.deal(owned, p.sellers[0], 45, 2_700_000, "self_sourced", "self_sourced")]
    known = p.customer(p.sellers[2], -8)
    p.lead(known, p.marketers[0], -8, "rejected", review_status="rejected", reviewed_at=p.moment(-7))
    circulating.append(p.deal(known, p.sellers[2], 14, 3_300_000, "self_sourced", "self_sourced"))
    p.facts.internal_circulation_deals += circulating
    p.self_sourced_deal(p.sellers[3], 16, 2_000_000)


def _protection_boundary(p: Seeder) -> None:
    """A lead 180 days before signing protects; one day more does not, and then the deal is circulation."""
    if not p.world.calendar.has_room:
        return
    for lead_days, source in ((-90, "marketing"), (-91, "self_sourced")):
        customer = p.customer(p.sellers[1], lead_days)
        p.lead(customer, p.marketers[0], lead_days)
        deal = p.deal(customer, p.sellers[1], 90, 1_500_000, source, "self_sourced")
        listed = p.facts.relabelled_deals if source == "marketing" else p.facts.internal_circulation_deals
        listed.append(deal)


def _attribution(p: Seeder) -> None:
    """Three touches of three marketers and a deal of 100.00: linear parts of 4 % are 1.34, 1.33, 1.33."""
    customer, _, deal = p.marketing_deal(p.sellers[0], 2, 10_000, lead_days=-20)
    p.lead(customer, p.marketers[1], -15, "duplicate")
    p.lead(customer, p.marketers[2], -10, "duplicate")
    p.facts.attribution_owners[deal] = list(p.marketers)


def _awards(p: Seeder) -> None:
    """A joint deal, one with explicit collaboration rows, and a referral."""
    marketer, seller = p.marketers[0], p.sellers[0]
    for explicit in (False, True):
        customer, _, deal = p.marketing_deal(seller, 12, 8_000_000)
        p.activity(customer, marketer, 4, 20, "visit")
        p.activity(customer, seller, 8, 40, "meeting")
        people = sorted(p.assistants if explicit else (marketer, seller))
        if explicit:
            for employee_id in people:
                p.tables.add(
                    "deal_splits", deal_id=deal, pool="collaboration", employee_id=employee_id, share="0.5"
                )
        p.facts.joint_deals[deal] = people
    referrer = p.customer(p.assistants[0], -30)
    referred = p.customer(p.sellers[1], 5)
    deal = p.deal(
        referred, p.sellers[1], 20, 6_000_000, "referral", "referral", referrer_customer_id=referrer
    )
    p.facts.referral_awards[deal] = [p.assistants[0]]
    noted = p.customer(p.sellers[2], 5, referred_by_customer_id=referrer)
    deal = p.deal(noted, p.sellers[2], 22, 3_000_000, "referral", "referral")
    p.facts.referral_awards[deal] = [p.assistants[0]]


def _journeys(p: Seeder) -> None:
    """A visit after 100 hours, a reception that never happened, and one before the visit."""
    late = tuple((stage, hours + 76 * (hours > 0)) for stage, hours in STAGE_HOURS)
    skipped = tuple(step for step in STAGE_HOURS if step[0] != "received")
    swapped = (("entered", 0), ("received", 20), ("visited", 24), ("intent_registered", 48))
    for kind, stage, hours in (
        ("late", "visited", late),
        ("skipped", "received", skipped),
        ("out_of_order", "visited", swapped),
    ):
        seller = p.sellers[3]
        customer = p.customer(seller, 0)
        lead = p.lead(customer, p.marketers[1], 0)
        deal = p.deal(customer, seller, 12, 1_100_000, "marketing", "marketing")
        p.journey(customer, lead, deal, seller, 0, 12, hours)
        p.facts.journey.append(JourneyFact(customer, lead, deal, stage, kind, seller))


def _left_owner(p: Seeder) -> None:
    """The lead's owner has left when the customer signs: the origination line is held."""
    customer = p.customer(p.sellers[1], -25)
    lead = p.lead(customer, p.leaver.employee_id, -25)
    deal = p.deal(customer, p.sellers[1], 5, 7_000_000, "marketing", "marketing")
    p.journey(customer, lead, deal, p.sellers[1], -25, 5)
    p.facts.left_owners[deal] = p.leaver.employee_id
