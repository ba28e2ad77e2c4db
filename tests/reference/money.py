"""Exact numbers: rounding and allocation (rulebook section 0).

Belongs here: the only places where the reference rounds or splits money. Does not belong here: any
rule of pay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

ZERO = Decimal("0.00")
FEN = Fraction(1, 100)
SHARE_UNIT = Fraction(1, 1_000_000)

Exact = Decimal | Fraction | int


def half_up(value: Exact, places: int) -> Decimal:
    """Round half away from zero (section 0: "Rounding is half away from zero everywhere")."""
    exact = Fraction(value)
    scaled = abs(exact) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(units if exact >= 0 else -units).scaleb(-places)


def money(value: Exact) -> Decimal:
    """Round to fen, half away from zero."""
    return half_up(value, 2)


def allocate(amount: Decimal, shares: Mapping[str, Fraction], unit: Fraction = FEN) -> dict[str, Decimal]:
    """Split an amount over shares by the largest remainder.

    Section 0: "Allocation of an amount over shares uses the largest remainder in the smallest unit
    of the currency (fen); ties go to the smaller employee_id. Parts always add up to the whole."
    A negative amount is split as its absolute value and negated.
    """
    if not shares:
        return {}
    whole = Fraction(abs(amount)) / unit
    exact = {name: whole * share / sum(shares.values()) for name, share in shares.items()}
    parts = {name: value.numerator // value.denominator for name, value in exact.items()}
    missing = int(whole) - sum(parts.values())
    ranked = sorted(exact, key=lambda name: (parts[name] - exact[name], name))
    for name in ranked[:missing]:
        parts[name] += 1
    sign = -1 if amount < 0 else 1
    places = 2 if unit == FEN else 6
    return {name: half_up(sign * units * unit, places) for name, units in parts.items()}


def published_shares(shares: Mapping[str, Fraction]) -> dict[str, Decimal]:
    """Shares at 0.000001, adding up to 1 (section 0: "published shares likewise, at 0.000001")."""
    return allocate(Decimal(1), shares, SHARE_UNIT)


def normalised(weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Weights as shares of their sum, without the zero ones."""
    total = sum(weights.values(), Fraction(0))
    return {name: weight / total for name, weight in weights.items() if weight != 0}


def total(values: Iterable[Decimal]) -> Decimal:
    """Sum of money amounts, 0.00 when there are none."""
    return sum(values, ZERO)
