"""Periods written by hand: ``2026-01..2026-06``, ``2026-Q1``, ``2026``, joined by commas.

Belongs here: reading them and seeing to it that they are closed. Does not belong here: the calendar of a
calculation (dbt).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from orchestration.errors import InputError

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_YEAR = re.compile(r"\d{4}")


def parse_periods(text: str, name: str = "--periods") -> tuple[str, ...]:
    """The months a text names, each once, in order.

    Args:
        text: Months, quarters, years or ranges of them, joined by commas.
        name: What messages call the text.

    Raises:
        InputError: A part is none of these, or a range runs backwards.
    """
    months: set[str] = set()
    for part in text.split(","):
        first, dots, last = part.strip().partition("..")
        begin, end = _span(first, text, name)[0], _span(last if dots else first, text, name)[1]
        if begin > end:
            raise InputError(f"{name} {text!r}: {first} comes after {last}. Write the earlier one first.")
        months.update(_month_text(number) for number in range(begin, end + 1))
    return tuple(sorted(months))


def _span(text: str, whole: str, name: str) -> tuple[int, int]:
    """First and last month of a month, quarter or year, counted from year 0."""
    text = text.strip()
    if month := _MONTH.fullmatch(text):
        number = int(month[1]) * 12 + int(month[2]) - 1
        return number, number
    if quarter := _QUARTER.fullmatch(text):
        number = int(quarter[1]) * 12 + (int(quarter[2]) - 1) * 3
        return number, number + 2
    if _YEAR.fullmatch(text):
        return int(text) * 12, int(text) * 12 + 11
    raise InputError(
        f"{name} {whole!r}: {text!r} is no period. Write 2026-01, 2026-Q1 or 2026, a range such as "
        "2026-01..2026-06, or several joined by commas."
    )


def _month_text(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def check_closed(wanted: Sequence[str], closed: Sequence[str]) -> None:
    """See to it that all wanted months are computed and over.

    Args:
        wanted: Months asked for.
        closed: Months that are over at the as-of time of the data.

    Raises:
        InputError: One of them is not; says which months there are.
    """
    missing = sorted(set(wanted) - set(closed))
    if missing:
        there = f"closed months are {closed[0]} to {closed[-1]}" if closed else "there is no closed month"
        raise InputError(f"--periods: {', '.join(missing)} cannot be compared; {there}.")
