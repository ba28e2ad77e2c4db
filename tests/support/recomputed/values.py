"""What all recomputations read of an explained line.

Belongs here: figures that several component types need. Does not belong here: the arithmetic of one type.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.reference.money import money

Explained = Mapping[str, Any]
Row = Mapping[str, Any]


def number(value: Any) -> Fraction:
    return Fraction(str(value))


def only(rows: Iterable[Row]) -> Row:
    (row,) = rows
    return row


def kind(explained: Explained) -> str:
    kind: str = explained["line"]["component"]
    return kind


def definition_of(explained: Explained) -> Mapping[str, Any]:
    found: Mapping[str, Any] = explained["component"]["definition"]
    return found


def prorated(row: Row, amount: Any) -> Decimal:
    """An amount of a whole month for the days in role."""
    return money(number(amount) * int(row["days_in_role"]) / int(row["days_in_period"]))


def bonus_base(explained: Explained) -> Fraction:
    day = only(explained["inputs"]["days"])
    return number(day["bonus_base_days"]) / int(day["days_in_period"])
