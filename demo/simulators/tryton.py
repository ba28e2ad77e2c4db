"""Tryton's REST API as far as an extraction needs it: models, fields by paths, domains, order, limits, typed values.

Belongs here: that protocol. Does not belong here: records.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from demo.simulators.server import Answer, Asked, Records, Simulator

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_MOMENT = ("year", "month", "day", "hour", "minute", "second", "microsecond")


class TrytonSimulator(Simulator):
    """A database that holds the records it is given, by the names of their models.

    Args:
        records: Model, such as `sale.opportunity`, to its records: Python values, `id` and `create_date` in each;
            what a record points to is a record inside it.
        database: Name of the database.
        key: Of the user application.
    """

    def __init__(self, records: Records, database: str = "tryton", key: str = "simulated-key") -> None:
        super().__init__(records)
        self.database, self.key = database, key
        self.forbidden: set[str] = set()

    def answer(self, asked: Asked) -> Answer:
        """A search over a model."""
        found = asked.path.strip("/").split("/")
        if len(found) != 4 or found[:3] != [self.database, "rest", "model"]:
            return _page(404, "Not Found")
        kind, _, key = asked.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or key != self.key:
            return _page(401, "Unauthorized")
        if found[3] not in self.records:
            return _page(500, "Internal Server Error", f"&#39;{found[3]}&#39;")
        rows = list(self.records[found[3]])
        if _decoded(asked.headers.get("x-tryton-context"), {}).get("active_test", True):
            rows = [row for row in rows if row.get("active", True)]
        domain = _decoded(asked.query.get("d"), [])
        rows = [row for row in rows if _matches(row, domain)]
        for field, direction in reversed(_decoded(asked.query.get("o"), [["id", "ASC"]])):
            rows.sort(key=lambda row, by=field: row[by], reverse=direction == "DESC")  # type: ignore[misc]
        start, size = int(asked.query.get("p", 0)), asked.query.get("s")
        rows = rows[start : None if size is None else start + int(size)]
        fields = [one for one in asked.repeated.get("f", ["rec_name"]) if one not in self.forbidden]
        return Answer([_typed(_projected(row, fields, found[3])) for row in rows])


def _decoded(text: str | None, default: Any) -> Any:
    return default if text is None else json.loads(base64.urlsafe_b64decode(text), object_hook=_value)


def _value(found: dict[str, Any]) -> Any:
    """A typed value of a domain."""
    if found.get("__class__") == "datetime":
        day, time = (tuple(found[one] for one in names) for names in (_MOMENT[:3], _MOMENT[3:]))
        return dt.datetime.combine(dt.date(*day), dt.time(*time), dt.UTC)
    return found


def _matches(row: dict[str, Any], domain: list[Any]) -> bool:
    """Whether a record is in a domain: clauses joined by AND, or by OR where that word stands first."""
    if domain and isinstance(domain[0], str) and domain[0] not in ("AND", "OR"):
        return any(_compares(value, domain[1], domain[2]) for value in _values_at(row, domain[0].split(".")))
    words = [one for one in domain if one in ("AND", "OR")]
    clauses = [_matches(row, one) for one in domain if one not in ("AND", "OR")]
    return any(clauses) if words == ["OR"] else all(clauses)


def _values_at(row: Any, path: list[str]) -> list[Any]:
    """The values at a path; several where it goes through a list, as one does that points to many."""
    value = row.get(path[0])
    if len(path) == 1 or not value:
        return [value or None] if isinstance(value, list) else [value]
    inner = value if isinstance(value, list) else [value]
    return [found for one in inner for found in _values_at(one, path[1:])]


def _compares(value: Any, comparison: str, wanted: Any) -> bool:
    if value is None and comparison not in ("=", "!="):
        return False  # NULL is neither before nor after anything
    return _COMPARISONS[comparison](value, wanted)


def _projected(row: dict[str, Any], fields: list[str], model: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": row["id"], "__name__": model}
    for field in fields:
        head, _, inner = field.partition(".")
        value = row.get(head)
        if isinstance(value, dict):
            before = shown.get(head)
            value = _projected(value, [inner], value.get("__name__", head)) if inner else value["id"]
            if isinstance(before, dict):
                value = before | value if inner else before
        elif isinstance(value, list) and not inner:
            value = [one["id"] if isinstance(one, dict) else one for one in value]
        shown[head] = value
    return shown


def _typed(value: Any) -> Any:
    """A Python value as Tryton writes it."""
    if isinstance(value, dict):
        return {name: _typed(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_typed(one) for one in value]
    if isinstance(value, Decimal):
        return {"__class__": "Decimal", "decimal": str(value)}
    if isinstance(value, dt.datetime):
        return {"__class__": "datetime"} | {one: getattr(value, one) for one in _MOMENT}
    if isinstance(value, dt.date):
        return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
    return value


def _page(status: int, title: str, text: str = "") -> Answer:
    page = (
        f"<!doctype html>\n<html lang=en>\n<title>{status} {title}</title>\n<h1>{title}</h1>\n<p>{text}</p>\n"
    )
    return Answer(page.encode(), status, {"Content-Type": "text/html"})
