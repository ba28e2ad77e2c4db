"""Properties of rulebook 16 on made-up companies, against the reference itself.

Belongs here: what must hold for every company. The pipeline is compared with the reference elsewhere.
"""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference.builders import TIERS, Builder, commission, plan, table
from tests.reference.calculate import calculate
from tests.reference.money import allocate, published_shares
from tests.reference.rate_tables import bounds, earned
from tests.reference.templates import TEMPLATES, Row

FEN = st.integers(1, 30_000_00).map(lambda fen: Decimal(fen).scaleb(-2))
SHARES = st.lists(st.integers(1, 97), min_size=1, max_size=6).map(
    lambda weights: {f"E{index}": Fraction(w, sum(weights)) for index, w in enumerate(weights)}
)
SEEDS = st.integers(0, 10**9)
SETTINGS = settings(max_examples=60, deadline=None)


@given(FEN, SHARES)
def test_parts_add_up_to_the_whole(amount: Decimal, shares: dict[str, Fraction]) -> None:
    assert sum(allocate(amount, shares).values()) == amount
    assert sum(published_shares(shares).values()) == 1


@given(FEN, FEN)
def test_selling_more_never_pays_less_under_marginal(first: Decimal, more: Decimal) -> None:
    setting = table(TIERS)
    limits = bounds(setting)
    assert earned(setting, Fraction(first + more), limits) >= earned(setting, Fraction(first), limits)


def company(seed: int) -> Builder:
    """Marketers, closers, deals with splits, partial refunds and cancellations, drawn from a seed."""
    rng = random.Random(seed)
    sources = ["marketing", "self_sourced", "referral", "repurchase"]
    rate_table = {
        "sources": sources,
        "mode": rng.choice(["marginal", "whole", "interpolated"]),
        "interval": rng.choice(["month", "quarter"]),
        "tiers": TIERS,
    }
    model = rng.choice(["first", "last", "linear", "position", "time_decay", "markov", "shapley"])
    b = Builder(
        plan(
            commission("origination", {"marketing": "0.04"}),
            commission("closing", None, rate_table=rate_table),
            {"type": "collaboration"},
            {"type": "process_bonus", "target": 1, "min_conversion": "0.5"},
            crediting={"attribution": {"model": model}, "basis": rng.choice(["signed", "collected"])},
        ),
        as_of="2026-06-30T23:00",
    )
    for name in ("M1", "M2"):
        b.employee(name, "marketing")
    for name in ("S1", "S2", "S3"):
        b.employee(name, team_id="T1")
    for number in range(rng.randint(1, 5)):
        _deal(b, rng, number)
    return b


def _deal(b: Builder, rng: random.Random, number: int) -> None:
    customer = b.customer()
    month = rng.randint(1, 4)
    for owner in rng.choices(["M1", "M2"], k=rng.randint(0, 3)):
        day = f"2026-0{month}-{rng.randint(1, 9):02d}"
        lead = b.lead(customer, owner, day, channel=owner)
        if rng.random() < 0.5:
            b.visit(day, lead_id=lead)
    if rng.random() < 0.3:
        change = b.transfer(customer, "S3", "S1", f"2026-0{month}-08")
        if rng.random() < 0.5:
            decision = rng.choice(["release", "reassign", "reject"])
            b.resolution("transfer", change, decision, f"2026-0{rng.randint(month, 6)}-20", to="S2")
    for worker in ("M1", "S1"):
        b.activity(worker, customer, f"2026-0{month}-09")
    amount = money_of(rng)
    deal = b.deal("S1", amount, f"2026-0{month}-10", customer, deal_id=f"D{number}")
    if rng.random() < 0.5:
        b.split(deal, S1="0.3", S2="0.3", S3="0.4")
    b.transaction(deal, "payment", amount, f"2026-0{month}-{rng.randint(11, 28)}")
    if rng.random() < 0.5:
        b.transaction(deal, "refund", money_of(rng), f"2026-0{month + 1}-05")


def money_of(rng: random.Random) -> str:
    """An amount up to 30,000.00 or a few fen."""
    return str(Decimal(rng.choice([rng.randint(1, 3_000_000), rng.randint(1, 50)])).scaleb(-2))


@SETTINGS
@given(SEEDS)
def test_a_deal_plus_its_full_refund_pays_nothing(seed: int) -> None:
    b = company(seed)
    for deal in list(b.company.deals):
        b.transaction(deal["deal_id"], "cancellation", str(deal["amount"]), "2026-06-01")
    marts = calculate(b.company)
    paid: dict[Any, Decimal] = defaultdict(Decimal)
    for row in marts["fct_payout_lines"]:
        if row["component"] in ("origination", "closing", "collaboration"):
            paid[row["employee_id"]] += row["amount"] if row["status"] in ("earned", "released") else 0
    held: dict[Any, Decimal] = defaultdict(Decimal)
    for row in marts["fct_credits"]:
        held[row["employee_id"]] += row["earning_amount"]
    assert set(paid.values()) <= {0}
    assert set(held.values()) <= {0}


@SETTINGS
@given(SEEDS)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    b = company(seed)
    before = calculate(b.company)
    for template in TEMPLATES:
        random.Random(seed).shuffle(b.company.rows(template))
    after = calculate(b.company)
    assert {mart: _bag(rows) for mart, rows in before.items()} == {
        mart: _bag(rows) for mart, rows in after.items()
    }


def _bag(rows: list[Row]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


@SETTINGS
@given(SEEDS)
def test_credits_add_up_to_the_transaction_and_lines_to_the_payout(seed: int) -> None:
    marts = calculate(company(seed).company)
    pools: dict[Any, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in marts["fct_credits"]:
        pools[row["deal_id"], row["transaction_id"], row["pool"]]["share"] += row["share"]
        pools[row["deal_id"], row["transaction_id"], row["pool"]]["amount"] += row["credited_amount"]
    assert {sums["share"] for sums in pools.values()} <= {1}
    for (deal, transaction, _), sums in pools.items():
        assert sums["amount"] == pools[deal, transaction, "closing"]["amount"]
    net: dict[Any, Decimal] = defaultdict(Decimal)
    for row in marts["fct_payout_lines"]:
        if row["status"] in ("earned", "released"):
            net[row["employee_id"], row["period"]] += row["amount"]
    for row in marts["fct_payouts"]:
        assert row["net"] - row["carried_in"] == net[row["employee_id"], row["period"]]
    assert len({row["line_id"] for row in marts["fct_payout_lines"]}) == len(marts["fct_payout_lines"])


@SETTINGS
@given(FEN, FEN, st.sampled_from(["marginal", "whole", "interpolated"]))
def test_splitting_a_deal_in_two_changes_no_interval_total(
    first: Decimal, second: Decimal, mode: str
) -> None:
    rate_table = {"sources": ["self_sourced"], "mode": mode, "tiers": TIERS}
    totals = []
    for parts in ([first + second], [first, second]):
        b = Builder(plan(commission("closing", None, rate_table=rate_table)), as_of="2026-02-28T23:00")
        b.employee("S1")
        for amount in parts:
            b.deal("S1", str(amount), "2026-01-10")
        totals.append(sum(row["amount"] for row in calculate(b.company)["fct_payout_lines"]))
    assert totals[0] == totals[1]
