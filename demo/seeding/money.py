"""Seeds facts of money: refunds, cancellations, splits, currencies, the border between two periods.

Belongs here: rulebook 3.4, 3.7 and 0. Does not belong here: who is credited for winning the customer.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from demo.seeding.facts import RefundFact
from demo.seeding.seeder import Seeder
from demo.world.state import money

#: Refund: name, deal in fen, written refunds in fen, counted refunds in fen.
REFUNDS: tuple[tuple[str, int, tuple[int, ...], tuple[int, ...]], ...] = (
    ("full", 5_000_000, (5_000_000,), (5_000_000,)),
    ("partial", 4_000_000, (1_200_000,), (1_200_000,)),
    ("more than is left", 3_000_000, (1_800_000, 2_000_000), (1_800_000, 1_200_000)),
    ("written with a minus", 2_000_000, (-500_000,), (500_000,)),
    ("odd fen", 333_333, (111_111,), (111_111,)),
)


def seed_money(seeder: Seeder) -> None:
    """Seed everything of this module."""
    _refunds(seeder)
    _cancellations(seeder)
    _splits(seeder)
    _currencies(seeder)
    _midnight(seeder)


def _refunds(p: Seeder) -> None:
    """Refunds a month after signing; the second one of a deal three days later."""
    for name, fen, written, counted in REFUNDS:
        _, _, deal = p.marketing_deal(p.sellers[0], 3, fen)
        p.world.transaction(deal, "invoice", money(fen), "CNY", p.moment(4))
        p.world.transaction(deal, "payment", money(fen), "CNY", p.moment(6))
        for number, (back, counts) in enumerate(zip(written, counted, strict=True)):
            days = 36 + number * 3
            transaction = p.world.transaction(deal, "refund", money(back), "CNY", p.moment(days))
            p.facts.refunds.append(
                RefundFact(deal, transaction, name, money(fen), money(back), money(counts), p.period(days))
            )


def _cancellations(p: Seeder) -> None:
    """With a transaction the deal is credited and reversed; without one it is not credited."""
    fen = 2_500_000
    _, _, deal = p.marketing_deal(p.sellers[1], 7, fen, status="cancelled")
    transaction = p.world.transaction(deal, "cancellation", money(fen), "CNY", p.moment(33))
    p.facts.refunds.append(
        RefundFact(deal, transaction, "cancellation", money(fen), money(fen), money(fen), p.period(33))
    )
    p.facts.cancelled_deals[deal] = True
    customer = p.customer(p.sellers[1], 2)
    silent = p.deal(customer, p.sellers[1], 8, fen, "", "", status="cancelled")
    p.facts.cancelled_deals[silent] = False
    p.deal(customer, p.sellers[1], 25, 1_800_000, "self_sourced", "self_sourced")


def _splits(p: Seeder) -> None:
    """Shares of 0.9 hold the deal; thirds of twelve places add up."""
    first, second, third = p.sellers[:3]
    shares = (
        (p.facts.bad_splits, ((first, "0.6"), (second, "0.3"))),
        (
            p.facts.fraction_splits,
            ((first, "0.333333333333"), (second, "0.333333333333"), (third, "0.333333333334")),
        ),
    )
    for place, (listed, rows) in enumerate(shares):
        _, _, deal = p.marketing_deal(first, 13 + place, 1_000_000)
        for employee_id, share in rows:
            p.tables.add("deal_splits", deal_id=deal, pool="closing", employee_id=employee_id, share=share)
        listed.append(deal)


def _currencies(p: Seeder) -> None:
    """A deal in dollars with a rate, and one in a currency without any."""
    _, dollars = p.self_sourced_deal(p.sellers[3], 10, 1_234_567, currency="USD")
    signed = p.moment(10).date().isoformat()
    rates = [row for row in p.tables.records("fx_rates") if row["date"] <= signed]
    rate = Decimal(max(rates, key=lambda row: row["date"])["rate_to_base"])
    base = (Decimal("12345.67") * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
    p.facts.base_amounts[dollars] = str(base)
    _, francs = p.self_sourced_deal(p.sellers[3], 11, 800_000, currency="CHF")
    p.facts.no_rate_deals.append(francs)


def _midnight(p: Seeder) -> None:
    """17:30 UTC on the last day of the anchor month is 01:30 of the next month in Shanghai."""
    calendar = p.world.calendar
    following = calendar.start(calendar.anchor_index + 1)
    eve = following - timedelta(days=1)
    for clock, period in (
        (f"{eve.isoformat()}T17:30:00+00:00", calendar.period(calendar.anchor_index + 1)),
        (f"{eve.isoformat()}T23:59:59+08:00", calendar.period(calendar.anchor_index)),
    ):
        customer = p.customer(p.sellers[2], 10)
        deal = p.deal(customer, p.sellers[2], 0, 1_000_000, "self_sourced", "self_sourced", signed_at=clock)
        p.facts.business_periods[deal] = period
