"""Writes the made-up company as one delivery of import templates.

Data flow: calendar and staff → campaigns → month by month (desks handed over, leads, own business, repurchases,
signing, care) → archives and duties → seeded facts → CSV files. The same arguments give the same bytes.
Belongs here: the order of the generators. Does not belong here: any generator, and nothing random.
"""

from __future__ import annotations

from pathlib import Path

from demo.business import handovers, selling
from demo.business.advertising import draw_campaigns, write_ad_days, write_brand_surveys, write_fx_rates
from demo.business.archives import write_archives
from demo.business.learning import write_learning
from demo.business.market import leads_of_month
from demo.business.operations import write_operations
from demo.business.selling import Signing
from demo.seeding.facts import SeededFacts
from demo.seeding.leads import seed_leads
from demo.seeding.money import seed_money
from demo.seeding.quality import seed_quality
from demo.seeding.seeder import Seeder
from demo.seeding.transfers import seed_transfers
from demo.world.clock import Calendar
from demo.world.people import build_staff, write_principals, write_staff
from demo.world.state import World, stream
from demo.world.tables import Tables
from demo.world.vocabulary import Vocabulary


def write_company(
    directory: Path, seed: int = 7, *, months: int = 24, first_month: str = "2024-11", employees: int = 60
) -> SeededFacts:
    """Write the whole company into `directory`, one CSV per import template.

    Args:
        directory: made when missing; files of the same names are overwritten.
        seed: chooses the company; the same seed gives the same bytes on every machine.
        months: length of the history, at least 4 (two boundary facts need 8).
        first_month: first month of the history, written YYYY-MM.
        employees: about how many people work there, at least 40.

    Returns:
        The seeded facts; they are not written into the directory.

    Raises:
        ValueError: when months, first_month or employees are out of range.
    """
    world, facts = build_company(seed, months=months, first_month=first_month, employees=employees)
    world.tables.write(directory)
    return facts


def build_company(
    seed: int = 7, *, months: int = 24, first_month: str = "2024-11", employees: int = 60
) -> tuple[World, SeededFacts]:
    """Draw the company in memory; arguments and errors as for `write_company`."""
    world = _empty_world(seed, Calendar.parse(first_month, months), employees)
    write_staff(world.staff, world.tables)
    write_principals(world.calendar, world.staff, world.tables)
    draw_campaigns(world)
    _run_market(world)
    write_archives(world)
    write_ad_days(world)
    write_brand_surveys(world)
    write_fx_rates(world)
    write_operations(world)
    write_learning(world)
    calendar = world.calendar
    facts = SeededFacts(seed, first_month, months, calendar.period(calendar.anchor_index))
    seeder = Seeder(world, facts)
    seed_leads(seeder)
    seed_transfers(seeder)
    seed_money(seeder)
    seed_quality(seeder)
    return world, facts


def _empty_world(seed: int, calendar: Calendar, employees: int) -> World:
    vocabulary = Vocabulary(stream(seed, "vocabulary"))
    staff = build_staff(calendar, stream(seed, "staff"), vocabulary, employees)
    return World(seed, calendar, Tables(), staff, vocabulary)


def _run_market(world: World) -> None:
    """Live through the months; deals are signed in the order of their signing."""
    rng = world.stream("market")
    pending: list[Signing] = []
    for index in range(world.calendar.months):
        handovers.leavers_desks(world, rng, index)
        handovers.customer_care(world, rng, index)
        pending += selling.follow_up(world, rng, leads_of_month(world, rng, index))
        pending += selling.own_business(world, rng, index)
        pending += selling.repurchases(world, rng, index)
        end = world.calendar.end(index)
        due = [signing for signing in pending if signing.at.date() <= end]
        pending = [signing for signing in pending if signing.at.date() > end]
        for signing in sorted(due, key=lambda signing: (signing.at, signing.customer.customer_id)):
            selling.sign(world, rng, signing)
        selling.customer_care(world, rng, index)
