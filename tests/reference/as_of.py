"""What "now" is without an as-of time given (readings 42, 55).

Belongs here: the latest business moment, and what lies in the future. Does not belong here: what a later
fact does to a calculation (`world.happened`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.reference.company import Company
from tests.reference.months import first_day, months_of, shift
from tests.reference.templates import DATES, TEMPLATES, TIMESTAMPS, Row

#: "targets excluded"; the others say what holds, not what happened
SETTINGS = (
    *("employees", "employee_assignments", "source_users", "targets", "campaigns", "courses", "fx_rates"),
    "principals",
)
#: a promised time is no event
PROMISES = ("due_at",)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Last moment of a business day, naive UTC: "the end of that business day in the plan's time zone"."""
    return datetime.combine(day, time.max, zone).astimezone(UTC).replace(tzinfo=None)


def moments(company: Company, row: Row, landed: datetime) -> Iterator[datetime]:
    """Every time a row says: moments, "business dates (their whole day)", periods.

    "An observed period counts as its end, or as the landing time while it is running."
    """
    zone = ZoneInfo(company.timezone)
    for column, value in row.items():
        if value is None or column in PROMISES:
            continue
        if column in TIMESTAMPS:
            yield value
        elif column in DATES:
            yield end_of_day(value, zone)
        elif column == "period":
            months = months_of(value)
            start = datetime.combine(first_day(months[0]), time(), zone).astimezone(UTC).replace(tzinfo=None)
            end = end_of_day(first_day(shift(months[-1], 1)) - timedelta(days=1), zone)
            yield landed if start <= landed < end else end


def latest_moment(company: Company, landed: datetime) -> tuple[datetime | None, dict[str, int]]:
    """The latest business moment "not later than the recorded landing time plus one day".

    Returns:
        The moment, None without facts, and the number of later rows by template (`in_the_future`).
    """
    bound = landed + timedelta(days=1)
    latest: list[datetime] = []
    future: dict[str, int] = {}
    for template in TEMPLATES:
        if template in SETTINGS:
            continue
        found = [list(moments(company, row, landed)) for row in company.rows(template)]
        latest += [moment for row in found for moment in row if moment <= bound]
        later = sum(any(moment > bound for moment in row) for row in found)
        future |= {template: later} if later else {}
    return max(latest, default=None), future
