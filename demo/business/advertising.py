"""Advertising, brand and exchange rates.

Belongs here: `campaigns`, `ad_daily`, `brand_surveys`, `fx_rates`. Does not belong here: the leads ads bring (market).
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from demo.world.staff import Person
from demo.world.state import Campaign, World, money

PLATFORMS = ("tencent_ads", "ocean_engine")
THEMES = (
    "新客体验",
    "spring glow",
    "618 大促",
    "device launch",
    "双十一",
    "open day",
    "年终答谢",
    "brand film",
)
DAILY_RATE_MONTHS = 3


def draw_campaigns(world: World) -> None:
    """Draw and write a campaign of each marketer for each half year, on one of the two platforms."""
    rng, calendar = world.stream("campaigns"), world.calendar
    for half in range(0, calendar.months, 6):
        for place, owner in enumerate(world.staff.active("marketing", calendar.start(half))):
            started = calendar.start(half) + timedelta(days=rng.randrange(12))
            ended = min(
                owner.left or calendar.last, calendar.last, started + timedelta(days=rng.randrange(165, 195))
            )
            _campaign(world, rng, owner, PLATFORMS[(half + place) % len(PLATFORMS)], started, ended)


def _campaign(world: World, rng: Random, owner: Person, platform: str, started: date, ended: date) -> None:
    campaign = Campaign(
        platform, world.next_id("CMP", 3), owner.employee_id, started, ended, rng.randrange(80, 150),
        rng.randrange(70, 135),
    )  # fmt: skip
    world.campaigns.append(campaign)
    world.tables.add(
        "campaigns", platform=platform, campaign_id=campaign.campaign_id,
        name=f"{rng.choice(THEMES)} {started:%Y%m}", owner_employee_id=campaign.owner,
        started_on=started, ended_on=ended,
    )  # fmt: skip


def write_ad_days(world: World) -> None:
    """Write what every campaign delivered on each of its days."""
    rng = world.stream("ad_daily")
    for campaign in world.campaigns:
        for days in range((campaign.ended - campaign.started).days + 1):
            day = campaign.started + timedelta(days=days)
            weekend = 80 if day.weekday() >= 5 else 100
            impressions = rng.randrange(5000, 14_000) * campaign.size * weekend // 10_000
            clicks = impressions * rng.randrange(12, 36) * campaign.quality // 100_000
            conversions = clicks * rng.randrange(10, 60) * campaign.quality // 100_000
            world.tables.add(
                "ad_daily", platform=campaign.platform, campaign_id=campaign.campaign_id, date=day,
                impressions=impressions, clicks=clicks, conversions=conversions,
                cost=money(clicks * rng.randrange(15, 50)), currency="CNY",
            )  # fmt: skip


def write_brand_surveys(world: World) -> None:
    """One survey per marketer and quarter; awareness grows, some quarters by 15 % and more."""
    rng = world.stream("brand")
    for person in world.staff.groups["marketing"]:
        share = rng.randrange(140, 220)
        for _, first, last in world.calendar.quarters():
            if not (person.works_on(first) and person.works_on(last)):
                continue
            respondents = rng.randrange(380, 620)
            world.tables.add(
                "brand_surveys", survey_id=world.next_id("B", 4), owner_employee_id=person.employee_id,
                surveyed_on=first + timedelta(days=rng.randrange(min(85, (last - first).days + 1))),
                respondents=respondents, aware=respondents * share // 1000,
            )  # fmt: skip
            share = min(850, share * rng.randrange(96, 125) // 100)


def write_fx_rates(world: World) -> None:
    """US dollars: one rate a month, and one a day in the last months."""
    rng, calendar = world.stream("fx"), world.calendar
    rate = 71_800
    for index in range(calendar.months):
        days = (calendar.end(index) - calendar.start(index)).days + 1
        for day in range(days if index >= calendar.months - DAILY_RATE_MONTHS else 1):
            rate += rng.randrange(-250, 251)
            world.tables.add(
                "fx_rates", currency="USD", date=calendar.start(index) + timedelta(days=day),
                rate_to_base=f"{rate // 10_000}.{rate % 10_000:04d}",
            )  # fmt: skip
