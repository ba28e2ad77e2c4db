"""The company's calendar: months, the anchor of the seeded facts, seasonality and growth.

Belongs here: dates and the volume of business per month. Does not belong here: any wall clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random

#: Volume of each calendar month in percent: quiet at the Spring Festival, busy for the summer and autumn sales.
SEASON = (88, 70, 104, 100, 106, 116, 94, 92, 108, 106, 124, 118)
GROWTH_PERCENT_PER_MONTH = 2
MIN_MONTHS = 4
OPENING = time(9)


@dataclass(frozen=True)
class Calendar:
    """`months` whole months from `first` on (the first day of a month)."""

    first: date
    months: int

    @classmethod
    def parse(cls, first_month: str, months: int) -> Calendar:
        """Build from text such as 2025-01.

        Raises:
            ValueError: when the month is not written YYYY-MM or there are fewer than MIN_MONTHS months.
        """
        if months < MIN_MONTHS:
            raise ValueError(f"months must be at least {MIN_MONTHS}, got {months}")
        return cls(date.fromisoformat(f"{first_month}-01"), months)

    def start(self, index: int) -> date:
        """First day of the month with this index (0 = first month)."""
        number = self.first.year * 12 + self.first.month - 1 + index
        return date(number // 12, number % 12 + 1, 1)

    def end(self, index: int) -> date:
        """Last day of the month with this index."""
        return self.start(index + 1) - timedelta(days=1)

    def period(self, index: int) -> str:
        """The month as a period, for example 2026-10."""
        return f"{self.start(index):%Y-%m}"

    @cached_property
    def last(self) -> date:
        """The last day of the company's history."""
        return self.end(self.months - 1)

    @property
    def anchor_index(self) -> int:
        """The month around which all seeded facts happen: a little after the middle, the first of a plan year."""
        return self.months * 7 // 12

    @property
    def anchor(self) -> date:
        """First day of the anchor month; at least 59 days of history lie on either side."""
        return self.start(self.anchor_index)

    @property
    def has_room(self) -> bool:
        """Whether 100 days fit on either side of the anchor (needed by two boundary facts)."""
        return (self.anchor - self.first).days >= 100 and (self.last - self.anchor).days >= 100

    def holds(self, moment: date) -> bool:
        """Whether a date or timestamp lies in the company's history."""
        day = moment.date() if isinstance(moment, datetime) else moment
        return self.first <= day <= self.last

    def volume(self, index: int, base: int) -> int:
        """`base` business of an average first month, with the season and the growth of this month."""
        season = SEASON[self.start(index).month - 1]
        return base * season * (100 + GROWTH_PERCENT_PER_MONTH * index) // 10_000

    def progress(self, index: int, low: int, high: int) -> int:
        """From `low` in the first month to `high` in the last one, evenly."""
        return low + (high - low) * index // (self.months - 1)

    def random_day(self, rng: Random, index: int, last_day: int = 31) -> date:
        """A day of the month, at most `last_day`."""
        return self.start(index) + timedelta(days=rng.randrange(min(last_day, self.end(index).day)))

    def quarters(self) -> list[tuple[str, date, date]]:
        """Label, first and last day of each calendar quarter touched, clipped to the history."""
        found: dict[str, tuple[date, date]] = {}
        for index in range(self.months):
            start = self.start(index)
            label = f"{start.year}-Q{(start.month + 2) // 3}"
            found[label] = (found.get(label, (start, start))[0], self.end(index))
        return [(label, first, last) for label, (first, last) in found.items()]


def office_hours(rng: Random, day: date) -> datetime:
    """A moment of the working day, 09:00 to 17:59."""
    return datetime.combine(day, OPENING) + timedelta(minutes=rng.randrange(540))
