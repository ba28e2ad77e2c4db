"""From transactions to what is earned on: positives and the pieces refunds take (3.7, decision R6).

Belongs here: the basis of a deal, clamping and the last-in-first-out rule. Does not belong here:
rates and shares.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.reference.money import money
from tests.reference.months import period_of
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.deals import Deal
    from tests.reference.world import World

POSITIVE_KINDS = {"invoiced": "invoice", "collected": "payment"}
NEGATIVE_KINDS = ("refund", "cancellation")


@dataclass(frozen=True)
class Positive:
    """A transaction that earns: the signing (empty id), an invoice or a payment; deal currency."""

    transaction_id: str
    day: date
    amount: Decimal

    @property
    def period(self) -> str:
        """Month of the transaction."""
        return period_of(self.day)


@dataclass(frozen=True)
class Piece:
    """What one refund or cancellation takes from one positive; deal currency."""

    transaction_id: str
    day: date
    positive: Positive
    before: Decimal
    after: Decimal


def in_deal_currency(world: World, deal: Deal, row: Row) -> Decimal:
    """Amount of a transaction in the deal's currency, over the base at the signing date's rates."""
    amount: Decimal = row["amount"]
    if row["currency"] == deal.row["currency"]:
        return amount
    base = deal.policy["currency"]
    own = world.fx_rate(row["currency"], deal.signed_date, base)
    if own is None or deal.fx_rate is None:
        return amount
    return money(Fraction(amount) * Fraction(own) / Fraction(deal.fx_rate))


def positives(world: World, deal: Deal) -> list[Positive]:
    """What would earn under the deal's basis, by (date, id), before the deal's amount limits it."""
    basis = deal.policy["basis"]
    if basis == "signed":
        return [Positive("", deal.signed_date, deal.row["amount"])]
    found = []
    for row in world.transactions[deal.deal_id]:
        amount = in_deal_currency(world, deal, row)
        if row["kind"] == POSITIVE_KINDS[basis] and amount > 0:  # less than a fen is nothing
            found.append(Positive(row["transaction_id"], world.day(row["occurred_at"]), amount))
    return sorted(found, key=lambda positive: (positive.day, positive.transaction_id))


def negatives(world: World, deal: Deal) -> list[tuple[date, str, Decimal]]:
    """Refunds, cancellations and credit notes as (date, id, absolute amount), by (date, id)."""
    own_kind = POSITIVE_KINDS.get(deal.policy["basis"])
    found = []
    for row in world.transactions[deal.deal_id]:
        if row["kind"] in NEGATIVE_KINDS or (row["kind"] == own_kind and row["amount"] < 0):
            amount = abs(in_deal_currency(world, deal, row))
            found.append((world.day(row["occurred_at"]), row["transaction_id"], amount))
    return sorted(found)


@dataclass(frozen=True)
class Above:
    """What of an invoice or payment goes beyond the amount of its deal (reading 44); deal currency."""

    transaction_id: str
    day: date
    amount: Decimal


@dataclass
class Ledger:
    """Positives as far as they are credited, what refunds take from them, and what was above the deal."""

    earned: list[Positive] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    above: list[Above] = field(default_factory=list)
    left: dict[Positive, Decimal] = field(default_factory=dict)


def ledger(world: World, deal: Deal) -> Ledger:
    """The events of a deal one after the other: date, positives first, id.

    Reading 44: "a deal is credited up to its amount; what goes beyond is reported (`above_deal`) and not
    credited", counted on what is left after refunds. Reading 17: "Refunds are clamped at what is left of
    the deal, whatever their written sign". A negative takes from the latest positives first; dated
    before the first positive it takes effect on that positive's day.
    """
    found = Ledger()
    wanted = positives(world, deal)
    if not wanted:
        return found
    is_limited = deal.policy["basis"] != "signed"
    steps: list[tuple[date, int, str, Decimal]] = [
        (positive.day, 0, positive.transaction_id, positive.amount) for positive in wanted
    ]
    steps += [(max(day, wanted[0].day), 1, name, amount) for day, name, amount in negatives(world, deal)]
    for day, is_negative, name, amount in sorted(steps):
        if is_negative:
            found.pieces.extend(_taken(name, day, amount, found.left))
            continue
        room = max(Decimal(0), deal.row["amount"] - sum(found.left.values()))
        credited = min(amount, room) if is_limited else amount
        if credited < amount:
            found.above.append(Above(name, day, amount - credited))
        if credited > 0 or not is_limited:
            positive = Positive(name, day, credited)
            found.earned.append(positive)
            found.left[positive] = max(credited, Decimal(0))
    return found


def _taken(name: str, day: date, amount: Decimal, left: dict[Positive, Decimal]) -> Iterator[Piece]:
    """Pieces of one negative, latest positive first; `left` is lowered."""
    for positive in sorted(left, key=lambda item: (item.day, item.transaction_id), reverse=True):
        taken = min(amount, left[positive])
        if taken > 0:
            before = left[positive]
            left[positive] = before - taken
            amount -= taken
            yield Piece(name, day, positive, before, left[positive])
