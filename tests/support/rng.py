"""The source of chance of made-up cases, and the days and times at which rules change their mind.

Belongs here: choices. Does not belong here: what is chosen from (``companies``, ``random_plans``).

Hypothesis draws the seed of a case and this generator the thousands of choices that follow from it:
drawing each of them through Hypothesis took 0.5 s a case (2026-11) and gave mostly copies of earlier
cases. What Hypothesis would do for failing cases, ``cases.reduced`` does: it leaves out rows and settings.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")
ZONE = ZoneInfo("Asia/Shanghai")

#: local times of day: the last and first moments of a business day (15:59 and 16:00 UTC), and ties
CLOCKS = [
    *[time(12, 0), time(12, 0), time(9, 30), time(0, 0), time(23, 59, 59, 999999), time(23, 59, 59)],
    time(0, 0, 0, 1),
]
#: whole days between events: the windows of the rulebook (30, 90, 180, 365) and their neighbours
NEAR = [0, 0, 0, 1, 2, 6, 7, 8, 14, 29, 30, 31]
FAR = [*NEAR, 60, 89, 90, 91, 92, 120, 179, 180, 181, 182, 364, 365, 366]
#: days of the year from which stories start: ends and beginnings of months, the leap day
ANCHORS = [
    *[(1, 1), (1, 15), (1, 31), (2, 1), (2, 28), (2, 29), (3, 1), (3, 15), (3, 31), (4, 1), (4, 30), (5, 1)],
    *[(6, 30), (7, 1), (9, 30), (10, 1)],
]


def local(day: date, clock: time = time(12, 0)) -> datetime:
    """Naive UTC moment of a local day and time."""
    return datetime.combine(day, clock, ZONE).astimezone(UTC).replace(tzinfo=None)


def business_day(moment: datetime) -> date:
    """Local day of a naive UTC moment."""
    return moment.replace(tzinfo=UTC).astimezone(ZONE).date()


def last_of_february(year: int) -> date:
    """The leap day, where there is one."""
    return date(year, 3, 1) - timedelta(days=1)


class Rng:
    """Choices that follow from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def one(self, *values: T) -> T:
        """One of some values."""
        return self._random.choice(values)

    def of(self, values: Sequence[T]) -> T:
        """One element."""
        return self._random.choice(values)

    def once_in(self, number: int) -> bool:
        """True once in so many times."""
        return self._random.randrange(number) == 0

    def upto(self, most: int) -> int:
        """A whole number from 0 on."""
        return self._random.randint(0, most)

    def between(self, least: int, most: int) -> int:
        """A whole number, both bounds included."""
        return self._random.randint(least, most)

    def several(self, values: Sequence[T], least: int = 0, most: int | None = None) -> list[T]:
        """Different elements in any order."""
        most = len(values) if most is None else min(most, len(values))
        return self._random.sample(values, self.between(min(least, most), most))

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """The same elements in another order."""
        return self._random.sample(values, len(values))

    def settings(self, **options: Sequence[Any]) -> dict[str, Any]:
        """A mapping in which each key is left to its default half of the time."""
        return {key: self.of(values) for key, values in options.items() if self.once_in(2)}

    def anchor(self, year: int) -> date:
        """A day of a year from which a story starts."""
        month, day = self.of(ANCHORS)
        return last_of_february(year) if (month, day) == (2, 29) else date(year, month, day)

    def after(self, day: date, steps: Sequence[int] = NEAR) -> date:
        """A day at a telling distance after a day."""
        return day + timedelta(days=self.of(steps))

    def around(self, day: date, steps: Sequence[int] = NEAR) -> date:
        """A day at a telling distance before or after a day."""
        return day + timedelta(days=self.one(1, -1) * self.of(steps))

    def moment(self, day: date) -> datetime:
        """A naive UTC moment on a local day."""
        return local(day, self.of(CLOCKS))
