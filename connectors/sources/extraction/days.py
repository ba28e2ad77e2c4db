"""Which days of a daily report are read: those that are complete, and before them those that the vendor still corrects.

Belongs here: that window. Does not belong here: how a vendor is asked for days.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from connectors.sources.errors import SourceFailed
from connectors.sources.model import Daily, Days, Resource


def now(zone: str) -> dt.datetime:
    """The time in a zone."""
    return dt.datetime.now(ZoneInfo(zone))


def last_complete(daily: Daily) -> dt.date:
    """The last day whose report is complete."""
    moment = now(daily.zone)
    return moment.date() - dt.timedelta(days=1 if moment.hour >= daily.complete_at else 2)


def first_given(daily: Daily) -> dt.date:
    """The first day that the vendor gives."""
    if daily.reach is None:
        return daily.earliest
    return max(daily.earliest, now(daily.zone).date() - dt.timedelta(days=daily.reach))


def last_day(resource: Resource) -> Days | None:
    """The last complete day of a report of days; None for any other resource."""
    if resource.daily is None:
        return None
    last = last_complete(resource.daily)
    return Days(last, last)


def days_after(daily: Daily, since: str | None) -> Days:
    """The days that an extraction reads.

    Args:
        daily: The report.
        since: Cursor, or the start date; None: all days.
    """
    first = first_given(daily)
    if since is not None:
        first = max(first, dt.date.fromisoformat(since[:10]))
    return Days(first, last_complete(daily))


def days_chosen(daily: Daily, chosen: Days) -> Days:
    """Chosen days, as far as they are complete.

    Raises:
        SourceFailed: The vendor no longer gives the first of them.
    """
    first = first_given(daily)
    if chosen.first < first:
        raise SourceFailed(
            f"{chosen.first} is too long ago: the system gives reports from {first} on",
            hint="choose later days",
        )
    return Days(chosen.first, min(chosen.last, last_complete(daily)))
