"""Credit, part by part: one part per event, pool and employee (rulebook 3.4, 4.1; decision R8).

Belongs here: splitting amounts and flat pools, refunds as differences. Does not belong here: earnings
of rate tables (`rate_tables.py`), the published rows (`credit_rows.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.reference.basis import Positive, ledger
from tests.reference.money import ZERO, allocate, half_up, money
from tests.reference.months import period_of
from tests.reference.plan_book import Paying
from tests.reference.pools import Pools, Shares, pools

if TYPE_CHECKING:
    from tests.reference.deals import Deal
    from tests.reference.world import World

RATE_PLACES = 12


@dataclass(frozen=True)
class Event:
    """A positive as a whole, or a piece that a negative takes; amounts left in deal currency."""

    transaction_id: str
    day: date
    positive: Positive
    before: Decimal
    after: Decimal
    is_reversal: bool
    order: int


@dataclass
class Part:
    """What one event credits to one employee of one pool."""

    deal: Deal
    pools: Pools
    pool: str
    event: Event
    employee: str
    share: Fraction
    credited: Decimal
    has_plan: bool
    paying: Paying | None
    rate: Decimal | None
    pool_amount: Decimal | None
    earning: Decimal
    retiering: Decimal = ZERO  # the part of a refund's earning that moves other deals' tiers (R9)
    is_unread: bool = False  # the total of its interval depends on a row in quarantine (reading 41)

    @property
    def period(self) -> str:
        """Month in which the part is posted."""
        return period_of(self.event.day)

    @property
    def origin_period(self) -> str:
        """Month of the positive transaction (R19)."""
        return self.event.positive.period

    @property
    def is_tabled(self) -> bool:
        """True when a rate table pays it; without a rate of exchange it is paid flat and held (R7)."""
        has_table = self.paying is not None and self.paying.component.get("rate_table") is not None
        return has_table and self.deal.fx_rate is not None


def deal_events(world: World, deal: Deal) -> list[Event]:
    """Positives and pieces of a deal as events, in the order in which they add up (reading 45)."""
    found = ledger(world, deal)
    events = [
        Event(item.transaction_id, item.day, item, Decimal(0), item.amount, False, index)
        for index, item in enumerate(found.earned)
    ]
    events += [
        Event(piece.transaction_id, piece.day, piece.positive, piece.before, piece.after, True, index)
        for index, piece in enumerate(found.pieces)
    ]
    return sorted(events, key=lambda event: (event.day, event.is_reversal, event.transaction_id, event.order))


def all_parts(world: World) -> list[Part]:
    """Parts of every creditable deal; earnings of rate tables are still 0."""
    found: list[Part] = []
    for deal in world.deals:
        if not deal.is_creditable:
            continue
        shared = pools(world, deal)
        so_far: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for event in deal_events(world, deal):
            found.extend(_parts(world, deal, shared, "origination", event, so_far))
            found.extend(_parts(world, deal, shared, "closing", event, so_far))
            found.extend(_parts(world, deal, shared, "collaboration", event, so_far))
    return found


def _parts(
    world: World,
    deal: Deal,
    shared: Pools,
    pool: str,
    event: Event,
    so_far: dict[tuple[str, str], Fraction],
) -> Iterator[Part]:
    """Parts of one event in one pool; `so_far` is the exact pool of each earner before the event.

    4.1: "the pool of a deal is amount × rate, rounded once, then split over its shares by the largest
    remainder". Reading 45: "Flat earnings are cumulative per deal like reversals (17): what a payment
    earns is the earning of what is paid so far minus what was earned before".
    """
    shares: Shares = getattr(shared, pool)
    before, after = deal.base(event.before), deal.base(event.after)
    credited_before, credited_after = allocate(before, shares), allocate(after, shares)
    for employee, share in shares.items():
        has_plan, paying = _paying(world, deal, pool, employee, event.positive.day)
        rate = _rate(shared, pool, deal, has_plan, paying)
        part = Part(
            deal,
            shared,
            pool,
            event,
            employee,
            share,
            credited_after[employee] - credited_before[employee],
            has_plan,
            paying,
            None if rate is None else half_up(rate, RATE_PLACES),
            None,
            ZERO,
        )
        if part.is_tabled:
            part.rate = None
        elif rate is not None:
            exact = so_far[pool, employee]
            so_far[pool, employee] = exact + Fraction(after - before) * rate
            pool_before, pool_after = money(exact), money(so_far[pool, employee])
            part.pool_amount = pool_after - pool_before
            part.earning = allocate(pool_after, shares)[employee] - allocate(pool_before, shares)[employee]
        yield part


def _paying(world: World, deal: Deal, pool: str, employee: str, day: date) -> tuple[bool, Paying | None]:
    """Whether the earner has a plan on the positive's day, and the component that pays him."""
    if pool == "collaboration":
        found = world.book.components_at(employee, day, "collaboration")
        paying = found[0] if found else None
    else:
        source = deal.rate_source if pool == "closing" else deal.source
        paying = world.book.commission_at(employee, day, pool, source)
    return paying is not None or world.book.has_plan(employee, day), paying


def _rate(shared: Pools, pool: str, deal: Deal, has_plan: bool, paying: Paying | None) -> Fraction | None:
    """Rate of a part: NULL without a plan, 0 when the plan does not pay the pool (R4)."""
    if paying is None:
        return Fraction(0) if has_plan else None
    if pool == "collaboration":
        return shared.collaboration_rate
    table = paying.component["rate_table"]
    if table:
        return Fraction(table["tiers"][0]["start_rate"])
    source = deal.rate_source if pool == "closing" else deal.source
    return Fraction(paying.component["rates"][source])
