"""HubSpot's CRM API as far as an extraction needs it: lists, searches, batch reads, owners, errors with categories.

Belongs here: that protocol. Does not belong here: records.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from demo.simulators.server import Answer, Asked, Records, Simulator

_OBJECTS = re.compile(r"/crm/v3/objects/(?P<object>\w+)(?P<rest>/search|/batch/read)?$")
Record = dict[str, Any]


class HubspotSimulator(Simulator):
    """An account that holds the records it is given, by the names of their objects.

    Args:
        records: Object, such as `deals`, to records of `id`, `properties`, and what else is there: `archived`,
            `propertiesWithHistory`, `associations`. `owners` are as they are.
        token: Of the private app.
        most: Where a search ends that is paged by `after`.
    """

    def __init__(self, records: Records, token: str = "simulated-token", most: int = 10_000) -> None:
        super().__init__(records)
        self.token, self.most = token, most

    def answer(self, asked: Asked) -> Answer:
        """A list, a search or a batch read of an object."""
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return _error(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
        if asked.path.rstrip("/") == "/crm/v3/owners":
            is_archived = asked.query.get("archived", "false").lower() == "true"
            owners = self.records.get("owners", [])
            return self._page(asked, [one for one in owners if one["archived"] == is_archived], 500, "")
        found = _OBJECTS.match(asked.path)
        if found is None or found["object"] not in self.records:
            return _error(404, "OBJECT_NOT_FOUND", "Unable to infer object type")
        records = sorted(self.records[found["object"]], key=lambda one: int(one["id"]))
        if found["rest"] == "/search":
            return self._search(asked.data, records)
        if found["rest"] == "/batch/read":
            return _batch(asked.data, records)
        return self._list(asked, records)

    def _list(self, asked: Asked, records: list[Record]) -> Answer:
        is_archived = asked.query.get("archived", "false").lower() == "true"
        properties, history, about = (
            [one for text in asked.repeated.get(key, []) for one in text.split(",") if one]
            for key in ("properties", "propertiesWithHistory", "associations")
        )
        chosen = [
            _shown(one, properties, history, about) for one in records if _is_archived(one) == is_archived
        ]
        return self._page(asked, chosen, 50 if history else 100, asked.path)

    def _page(self, asked: Asked, records: list[Record], most: int, path: str) -> Answer:
        limit, after = int(asked.query.get("limit", 10)), int(asked.query.get("after") or 0)
        if limit > most:
            return _error(400, "VALIDATION_ERROR", f"limit may be at most {most}")
        body: Record = {"results": records[after : after + limit]}
        if after + limit < len(records):
            body["paging"] = {"next": {"after": str(after + limit), "link": f"{path}?after={after + limit}"}}
        return Answer(body)

    def _search(self, asked: Record, records: list[Record]) -> Answer:
        limit, after = int(asked.get("limit", 10)), int(asked.get("after") or 0)
        if limit > 200 or after + limit > self.most:
            return _error(400, "VALIDATION_ERROR", "the limit was exceeded")
        chosen = [one for one in records if not _is_archived(one)]
        groups = [group["filters"] for group in asked.get("filterGroups") or []]
        if groups:
            chosen = [
                one for one in chosen if any(all(_holds(one, each) for each in group) for group in groups)
            ]
        for sort in asked.get("sorts") or []:
            by = sort if isinstance(sort, str) else sort["propertyName"]
            is_last_first = not isinstance(sort, str) and sort.get("direction") == "DESCENDING"
            chosen.sort(key=lambda one, by=by: _number(_value(one, by)), reverse=is_last_first)  # type: ignore[misc]
        shown = [_shown(one, asked.get("properties") or []) for one in chosen[after : after + limit]]
        body: Record = {"total": len(chosen), "results": shown}
        if after + limit < len(chosen):
            body["paging"] = {"next": {"after": str(after + limit)}}
        return Answer(body)


def _batch(asked: Record, records: list[Record]) -> Answer:
    wanted = [one["id"] for one in asked["inputs"]]
    history = asked.get("propertiesWithHistory") or []
    if len(wanted) > (50 if history else 100):
        return _error(400, "VALIDATION_ERROR", "too many inputs")
    there = {one["id"]: one for one in records if not _is_archived(one)}
    body: Record = {"status": "COMPLETE"}
    body["results"] = [
        _shown(there[one], asked.get("properties") or [], history) for one in wanted if one in there
    ]
    lacking = [one for one in wanted if one not in there]
    if not lacking:
        return Answer(body)
    errors = [
        {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "Could not get some", "ids": lacking}
    ]
    return Answer(body | {"numErrors": 1, "errors": errors}, 207)


def _shown(record: Record, properties: list[str], history: list[str] = [], about: list[str] = []) -> Record:  # noqa: B006
    """A record with what was asked for; properties there are none of are left out, as HubSpot does."""
    asked = ["hs_object_id", *properties]
    shown: Record = {
        "id": record["id"],
        "properties": {one: _value(record, one) for one in asked if one in record["properties"]},
        "createdAt": record["properties"].get("createdate") or "2026-01-01T00:00:00Z",
        "updatedAt": record["properties"].get("hs_lastmodifieddate") or "2026-01-01T00:00:00Z",
        "archived": _is_archived(record),
    }
    shown["properties"]["hs_object_id"] = record["id"]
    if history:
        there = record.get("propertiesWithHistory", {})
        shown["propertiesWithHistory"] = {one: there.get(one, []) for one in history}
    found = {one: {"results": record.get("associations", {}).get(one, [])} for one in about}
    if any(one["results"] for one in found.values()):
        shown["associations"] = {name: one for name, one in found.items() if one["results"]}
    return shown


def _is_archived(record: Record) -> bool:
    return bool(record.get("archived"))


def _value(record: Record, name: str) -> Any:
    return record["id"] if name == "hs_object_id" else record["properties"].get(name)


def _holds(record: Record, condition: Record) -> bool:
    value = _value(record, condition["propertyName"])
    if value is None:
        return False
    one, other = _number(value), _number(condition["value"])
    return {
        "GT": one > other,
        "GTE": one >= other,
        "LT": one < other,
        "LTE": one <= other,
        "EQ": one == other,
    }[condition["operator"]]


def _number(value: Any) -> int:
    """Ids, and moments in milliseconds, compare as numbers."""
    if str(value).isdecimal():
        return int(value)
    moment = dt.datetime.fromisoformat(str(value))
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(milliseconds=1)


def _error(status: int, category: str, message: str) -> Answer:
    return Answer(
        {"status": "error", "message": message, "correlationId": "c0", "category": category}, status
    )
