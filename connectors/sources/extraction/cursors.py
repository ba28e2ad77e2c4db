"""Values of cursors: which comes later, which lies some time before.

Belongs here: comparing texts as what they stand for. Does not belong here: where an extraction begins (`run`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from operator import itemgetter


def latest(cursors: Collection[str]) -> str:
    """The cursor value that comes after all others: as moments, as numbers, else as texts."""
    for read in (_moments, _numbers):
        try:
            return max(zip(read(cursors), cursors, strict=True), key=itemgetter(0))[1]
        except ValueError:
            continue
    return max(cursors)


def is_later(one: str | None, other: str) -> bool:
    """Whether a cursor value comes after another."""
    return one is not None and one != other and latest((other, one)) == one


def moved_back(cursor: str | None, overlap: dt.timedelta) -> str | None:
    """A cursor value some time earlier; what is no moment stays as it is."""
    if cursor is None or not overlap or "-" not in cursor[1:]:
        return cursor
    try:
        earlier = dt.datetime.fromisoformat(cursor) - overlap
        # written as it was: a database may compare texts
        return earlier.isoformat(sep=cursor[10] if len(cursor) > 10 else "T")
    except ValueError:
        return cursor


def _moments(texts: Collection[str]) -> list[dt.datetime]:
    moments = map(dt.datetime.fromisoformat, texts)
    return [one if one.tzinfo else one.replace(tzinfo=dt.UTC) for one in moments]


def _numbers(texts: Collection[str]) -> list[float]:
    return list(map(float, texts))
