"""Commission, collaboration, caps and draws, in plain fractions.

Belongs here: what is paid of pools, and what limits it. Does not belong here: everything else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from tests.reference.money import allocate, half_up, money
from tests.support.recomputed.values import (
    Explained,
    Row,
    definition_of,
    kind,
    number,
    only,
    prorated,
)


def commission(explained: Explained) -> Decimal:
    """A line of a pool at flat rates or by a rate table, or the cap or floor of the component."""
    if kind(explained) == "cap":
        if explained["line"]["reason"] == "floor":
            return _floor(explained)
        return _cap(explained, definition_of(explained)["cap"])
    if explained["inputs"].get("tier_steps"):
        return _tiered(explained)
    return _flat(
        explained, number(definition_of(explained)["rates"].get(explained["deal"]["paid_as_source"], 0))
    )


def collaboration(explained: Explained) -> Decimal:
    """A line of the collaboration pool: the award of the rules of credit in force at the signing."""
    deal = explained["deal"]
    award = explained["component"]["crediting"]["collaboration"][
        "referral" if deal["source"] == "referral" else "joint"
    ]
    if award["amount"] is not None:
        return _flat(explained, number(award["amount"]) / number(deal["base_amount"]))
    return _flat(explained, number(award["rate"]))


def _flat(explained: Explained, rate: Fraction) -> Decimal:
    """The part of the pool after the transaction, less the part before it; pools add up over a deal."""
    earner = only(explained["credits"])["employee_id"]
    rows = explained["inputs"]["pool_credits"]
    totals: dict[tuple[str, bool, str], Fraction] = defaultdict(Fraction)
    weights: dict[str, Fraction] = {}
    for row in rows:
        amount = sum(
            number(one["credited_amount"]) for one in rows if one["transaction_id"] == row["transaction_id"]
        )
        totals[row["business_date"], amount < 0, row["transaction_id"]] = Fraction(amount)
        weights[row["employee_id"]] = number(row["weight"] or 1)
    pool, before, after = Fraction(0), Decimal(0), Decimal(0)
    for key in sorted(totals):
        before = allocate(money(pool), weights)[earner]
        pool += totals[key] * rate
        after = allocate(money(pool), weights)[earner]
        if key[2] == (explained["line"]["transaction_id"] or ""):
            break
    return after - before


def _tiered(explained: Explained) -> Decimal:
    """What the total of the interval earns with the credit, less what it earned without it."""
    line, table = explained["line"], definition_of(explained)["rate_table"]
    earned, retiering, total, counted = Decimal(0), Decimal(0), Fraction(0), Fraction(0)
    for step in explained["inputs"]["tier_steps"]:
        before = _table_earning(table, total, counted, step["quota"])
        total += number(step["credited_amount"])
        counted = number(step["counted_after"])
        if (step["deal_id"], step["transaction_id"]) == (line["deal_id"], line["transaction_id"]):
            earned += _table_earning(table, total, counted, step["quota"]) - before
            retiering += Decimal(step["retiering_amount"])
    siblings = [row for row in explained["inputs"].get("sibling_lines", ()) if row["basis_amount"] == "0.00"]
    if line["basis_amount"] == "0.00" and retiering:
        return retiering
    return earned - retiering if siblings else earned


def _table_earning(table: Row, total: Fraction, counted: Fraction, quota: str | None) -> Decimal:
    """What an interval total earns (rulebook 4.2): by amounts, or by shares of a quota."""
    by_quota = table["unit"] == "quota_pct"
    position = counted if by_quota else total
    tiers, lower = [], Fraction(0)
    for tier in table["tiers"]:
        upper = None if tier["up_to"] is None else number(tier["up_to"])
        if upper is not None and by_quota:
            upper = number(half_up(upper * number(quota or 0), 2))
        start = tier["rate"] if tier["rate"] is not None else tier["start_rate"]
        end = tier["rate"] if tier["rate"] is not None else tier["end_rate"]
        tiers.append((lower, upper, number(start), number(end)))
        lower = upper if upper is not None else lower
    if position <= 0 or (by_quota and not number(quota or 0)):
        return money(total * tiers[0][2])
    if table["mode"] == "marginal":
        slices = sum(
            max(min(position, position if upper is None else upper) - low, Fraction(0)) * start
            for low, upper, start, _ in tiers
        )
        return money(slices if not by_quota else total * slices / position)
    inclusive = table["bound"] == "upper_inclusive"
    low, upper, start, end = next(
        tier for tier in tiers if tier[1] is None or position < tier[1] or (inclusive and position == tier[1])
    )
    if table["mode"] == "whole" or upper is None or upper == low:
        return money(total * start)
    return money(total * (start + (end - start) * (position - low) / (upper - low)))


def _by_period(rows: Iterable[Row]) -> dict[str, Fraction]:
    found: dict[str, Fraction] = defaultdict(Fraction)
    for row in rows:
        found[row["period"]] += number(row["amount"])
    return found


def _months(first: str, last: str) -> list[str]:
    """All months from the first to the last."""
    year, month = map(int, first.split("-"))
    found = []
    while f"{year:04d}-{month:02d}" <= last:
        found.append(f"{year:04d}-{month:02d}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found


def _cap(explained: Explained, cap: Row) -> Decimal:
    """Lost: on all that a month of origin earned; carried: what is above waits for later months (rulebook 4.3)."""
    limit, amounts = number(cap["amount"]), _by_period(explained["lines"])
    period = explained["line"]["period"]
    if cap["excess"] == "lost":
        after = sum(amounts.values(), Fraction(0))
        before = after - amounts[period]
        return money(min(limit, after) - min(limit, before) - amounts[period])
    carried = previous = Fraction(0)
    for month in _months(min(amounts), period):
        previous, carried = carried, max(Fraction(0), carried + amounts[month] - limit)
    return money(previous - carried)


def _floor(explained: Explained) -> Decimal:
    own = max(sum((number(row["amount"]) for row in explained["lines"]), Fraction(0)), Fraction(0))
    day = only(explained["inputs"]["days"])
    return money(number(prorated(day, definition_of(explained)["floor"]["amount"])) - own)


def plan_cap(explained: Explained) -> Decimal:
    """The cap over all lines of a plan."""
    return _cap(explained, definition_of(explained))


def draw(explained: Explained) -> Decimal:
    """A guarantee tops a month up; a recoverable one is taken back from what is above it later."""
    definition, period = definition_of(explained), explained["line"]["period"]
    guaranteed = {row["period"]: prorated(row, definition["amount"]) for row in explained["inputs"]["days"]}
    earned = _by_period(explained["lines"])
    if not definition["recoverable"]:
        return money(max(number(guaranteed.get(period, 0)) - max(earned[period], Fraction(0)), Fraction(0)))
    balance = previous = Fraction(0)
    for month in _months(min(guaranteed), period):
        gap = number(guaranteed.get(month, 0)) - max(earned[month], Fraction(0))
        previous, balance = balance, max(Fraction(0), balance + gap)
    return money(balance - previous)


# work and progress
