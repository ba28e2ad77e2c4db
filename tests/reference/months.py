"""Calendar months, quarters and years (rulebook section 0).

Belongs here: arithmetic on months written as ``2026-10``. Does not belong here: time zones.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

OPEN_END = date(9999, 12, 31)
BEGINNING = date(1900, 1, 1)

INTERVAL_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def period_of(day: date) -> str:
    """Month of a business date ("A period is a calendar month")."""
    return f"{day.year:04d}-{day.month:02d}"


def shift(period: str, months: int) -> str:
    """The month so many months later (or earlier)."""
    index = int(period[:4]) * 12 + int(period[5:]) - 1 + months
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def distance(first: str, last: str) -> int:
    """Months from the first month to the last."""
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:])


def first_day(period: str) -> date:
    """First day of a month."""
    return date(int(period[:4]), int(period[5:]), 1)


def last_day(period: str) -> date:
    """Last day of a month."""
    return first_day(shift(period, 1)) - timedelta(days=1)


def days_in(period: str) -> int:
    """Number of days of a month."""
    return last_day(period).day


def months(first: str, last: str) -> Iterator[str]:
    """All months from the first to the last, both included."""
    for step in range(distance(first, last) + 1):
        yield shift(first, step)


def interval_of(period: str, unit: str) -> str:
    """Name of the month, quarter (2026-Q4) or year a month lies in."""
    if unit == "quarter":
        return f"{period[:4]}-Q{(int(period[5:]) + 2) // 3}"
    return period[:4] if unit == "year" else period


def months_of(interval: str) -> list[str]:
    """The months of an interval ("quarters and years are unions of months")."""
    if len(interval) == 4:
        return list(months(f"{interval}-01", f"{interval}-12"))
    if "Q" in interval:
        last = int(interval[-1]) * 3
        return list(months(f"{interval[:4]}-{last - 2:02d}", f"{interval[:4]}-{last:02d}"))
    return [interval]
