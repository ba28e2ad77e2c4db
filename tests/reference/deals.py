"""Deals and where they come from (rulebook 3.2, 3.3, readings 7, 11 to 14; decisions R7, R11).

Belongs here: classification of deals and their currency. Does not belong here: who is paid.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.reference.leads import Lead
from tests.reference.money import money
from tests.reference.months import period_of
from tests.reference.people import UNRESOLVED
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.world import World


@dataclass(frozen=True)
class BareDeal:
    """A deal before classification."""

    deal_id: str
    row: Row
    customer_key: str
    signed_at: datetime
    is_cancelled: bool


@dataclass
class Deal:
    """A deal with its source, touches and currency."""

    deal_id: str
    row: Row
    customer_key: str
    owner: str
    signed_at: datetime
    signed_date: date
    policy: Row
    is_cancelled: bool
    is_creditable: bool
    fx_rate: Decimal | None
    source: str = ""
    is_internal_circulation: bool = False
    referrer_key: str | None = None
    touches: list[Lead] = field(default_factory=list)

    @property
    def period(self) -> str:
        """Month of signing."""
        return period_of(self.signed_date)

    @property
    def currency(self) -> str:
        """Currency of credits and lines: the base currency, the deal's own without a rate (R7)."""
        base: str = self.policy["currency"]
        return base if self.fx_rate is not None else str(self.row["currency"])

    def base(self, amount: Decimal) -> Decimal:
        """An amount of the deal's currency in the currency of credits, rounded once."""
        return money(Fraction(amount) * Fraction(self.fx_rate if self.fx_rate is not None else 1))

    @property
    def base_amount(self) -> Decimal:
        """The deal's amount in the currency of credits."""
        return self.base(self.row["amount"])

    @property
    def is_relabelled(self) -> bool:
        """3.2: claims self-sourced "and rule 2 says marketing"."""
        claimed = re.sub(r"[-\s]", "_", (self.row.get("claimed_source") or "").strip().lower())
        return self.source == "marketing" and claimed == "self_sourced"

    @property
    def rate_source(self) -> str:
        """3.3: internal circulation "earns the marketing-sourced closing rate"."""
        return "marketing" if self.is_internal_circulation else self.source


def bare(world: World) -> Iterator[BareDeal]:
    """All deals in order of (signed_at, deal_id) ("Earlier deal" orders so, reading 12)."""
    for row in sorted(world.company.deals, key=lambda row: (row["signed_at"], row["deal_id"])):
        cancelled = (row.get("status") or "").strip().lower() == "cancelled"
        yield BareDeal(
            row["deal_id"], row, str(world.key_of(row["customer_id"])), row["signed_at"], cancelled
        )


def classified(world: World) -> list[Deal]:
    """All deals with their source: repurchase, marketing, referral, self_sourced; first match wins."""
    seen: dict[str, bool] = defaultdict(bool)
    found = []
    for item in bare(world):
        deal = _deal(world, item)
        deal.referrer_key = _referrer(world, deal)
        deal.touches = touches(world, deal)
        if seen[deal.customer_key]:
            deal.source = "repurchase"
        elif any(lead.is_valid for lead in eligible(world, deal)):
            deal.source = "marketing"
        elif deal.referrer_key:
            deal.source = "referral"
        else:
            deal.source = "self_sourced"
            deal.is_internal_circulation = _is_internal(world, deal)
        seen[deal.customer_key] |= not deal.is_cancelled
        found.append(deal)
    return found


def _deal(world: World, item: BareDeal) -> Deal:
    """A deal with owner, policy and currency; reading 11 says which one is credited."""
    signed = world.day(item.signed_at)
    policy = world.book.policy_at(signed)
    reversed_later = any(row["kind"] == "cancellation" for row in world.transactions[item.deal_id])
    return Deal(
        deal_id=item.deal_id,
        row=item.row,
        customer_key=item.customer_key,
        owner=world.people.resolve(item.row["owner_employee_id"]) or UNRESOLVED,
        signed_at=item.signed_at,
        signed_date=signed,
        policy=policy,
        is_cancelled=item.is_cancelled,
        is_creditable=not item.is_cancelled or reversed_later,
        fx_rate=world.fx_rate(item.row["currency"], signed, policy["currency"]),
    )


def eligible(world: World, deal: Deal) -> list[Lead]:
    """Leads of origination inside the protection window, in order (3.2 rule 2, readings 1, 10, 12)."""
    window = deal.policy["deal_source"]["protection_days"]
    return [
        lead
        for lead in world.leads_by_key[deal.customer_key]
        if lead.is_origination
        and lead.created_at <= deal.signed_at
        and (deal.signed_date - lead.created_date).days <= window
    ]


def touches(world: World, deal: Deal) -> list[Lead]:
    """3.5: touches in the window, "at most one touch per owner and business day"."""
    return one_a_day([lead for lead in eligible(world, deal) if lead.is_touch])


def one_a_day(leads: list[Lead]) -> list[Lead]:
    """The first lead of each owner and business day, in order."""
    kept: dict[tuple[str, date], Lead] = {}
    for lead in leads:
        kept.setdefault((lead.owner, lead.created_date), lead)
    return list(kept.values())


def _referrer(world: World, deal: Deal) -> str | None:
    """Reading 13: "the deal's referrer, else the customer's; it must be another known customer"."""
    record = world.customers.get(deal.row["customer_id"], {})
    for named in (deal.row.get("referrer_customer_id"), record.get("referred_by_customer_id")):
        if named in world.customers and world.key_of(named) != deal.customer_key:
            return world.key_of(named)
    return None


def _is_internal(world: World, deal: Deal) -> bool:
    """3.3: owned by another employee, or any lead of marketing, within `lookback_days` before signing."""
    days = deal.policy["deal_source"]["lookback_days"]
    start = deal.signed_date - timedelta(days=days)
    for lead in world.leads_by_key[deal.customer_key]:
        if lead.is_origination and lead.created_at <= deal.signed_at and lead.created_date >= start:
            return True
    return any(
        owned.owner != deal.owner and owned.valid_from < deal.signed_at and world.day(owned.valid_to) >= start
        for owned in world.ownership.get(deal.customer_key, [])
    )
