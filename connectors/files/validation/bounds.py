"""What is believable: bounds of dates, offsets, numbers and decimals, as SQL.

Belongs here: bounds of one value. Does not belong here: how a value is spelled (see checks).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from connectors.common.contract import Column, Kind

DEFAULT_MAX_AMOUNT = Decimal("1e12")
_PAST_YEARS, _PAST_YEARS_OF_DAYS, _FUTURE_YEARS = 40, 80, 10


@dataclass(frozen=True)
class CheckOptions:
    """What the checks depend on besides the templates.

    Attributes:
        timezone: IANA zone of timestamps without an offset.
        max_amount: Largest believable absolute amount of money.
        today: Day of the import; dates far from it are not believable.
    """

    timezone: str = "Asia/Shanghai"
    max_amount: Decimal = DEFAULT_MAX_AMOUNT
    today: dt.date = field(default_factory=lambda: dt.datetime.now(dt.UTC).date())


def date_bounds(column: Column, value: str, options: CheckOptions) -> str:
    """SQL: the date is outside the life of the company."""
    first, last = believable(column.kind, options)
    outside = f"year({value}) NOT BETWEEN {first} AND {last}"
    return f"({outside} AND {value} <> DATE '9999-12-31')" if column.open_end else outside


def believable(kind: Kind, options: CheckOptions) -> tuple[int, int]:
    """First and last believable year: people live longer than what is recorded about the business."""
    past = _PAST_YEARS_OF_DAYS if kind is Kind.DATE else _PAST_YEARS
    return options.today.year - past, options.today.year + _FUTURE_YEARS


def impossible_offset(offset: str) -> str:
    """Offsets run from -12:00 to +14:00."""
    digits = f"rpad(replace(substr({offset}, 2), ':', ''), 4, '0')"
    most = f"CASE WHEN starts_with({offset}, '-') THEN '1200' ELSE '1400' END"
    return f"(length({offset}) > 1 AND ({digits} > {most} OR right({digits}, 2) > '59'))"


def number_bounds(column: Column, value: str, options: CheckOptions) -> str:
    """SQL: the number is outside the bounds of its column, or too large for its type."""
    bounds = [f"{value} IS NULL"]  # well spelled, but too large for the type
    if column.low is not None:
        bounds.append(f"{value} < {column.low}")
    if column.high is not None:
        bounds.append(f"{value} > {column.high}")
    if column.above_zero:
        bounds.append(f"{value} <= 0")
    if column.kind is Kind.MONEY:
        bounds.append(f"abs({value}) > CAST({options.max_amount:f} AS DECIMAL(38,2))")
    return f"({' OR '.join(bounds)})"


def too_precise(text: str, value: str, scale: int) -> str:
    """More decimals than are stored; with an exponent the value is compared instead of the digits."""
    plain = f"length(rtrim(split_part({text}, '.', 2), '0')) > {scale}"
    exact = f"TRY_CAST({text} AS DECIMAL(38,18))"
    vanished = f"({value} = 0 AND regexp_matches(split_part(lower({text}), 'e', 1), '[1-9]'))"
    return f"CASE WHEN contains(lower({text}), 'e') THEN ({exact} <> {value} OR {vanished}) ELSE {plain} END"
