"""Fetching from Tryton: its domain language, pages by id, its typed values as text.

Belongs here: the configuration of dlt's client, Tryton's words for errors, what a record gets besides its fields. Does
not belong here: resources (`connectors.tryton`), anything about records once they came.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import requests
from dlt.sources.helpers.rest_client.auth import AuthConfigBase, BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import BasePaginator

from connectors.sources.errors import SourceFailed
from connectors.sources.http.extractor import RestExtractor
from connectors.sources.http.session import Trouble
from connectors.sources.model import Wanted
from connectors.tryton import CHANGED, REFERENCE

_ADDED = (CHANGED, REFERENCE)
_SINGLE = "_single"
#: all that Tryton says of a model or a field that it does not have, in a web page with the status of a failure
_UNKNOWN = re.compile(r"<p>(?:&#39;|&#x27;|')([\w.]+)(?:&#39;|&#x27;|')</p>")
_PARTS_OF_A_MOMENT = ("year", "month", "day", "hour", "minute", "second", "microsecond")
#: conditions that hold for a resource besides what is asked
_ONLY: dict[str, list[Any]] = {"payments": [["invoice_payments", "!=", None]]}
#: parts of a record whose changes leave its own time as it was
_PARTS: dict[str, tuple[str, ...]] = {"parties": ("contact_mechanisms",), "payments": ("invoice_payments",)}


class TrytonExtractor(RestExtractor):
    """Reads the models of one database."""

    def base_url(self) -> str:
        """Address of the server."""
        return str(self.instance.connection.url)

    def make_auth(self) -> AuthConfigBase:
        """The key of a user application."""
        return BearerTokenAuth(token=self.secrets["key"])

    def endpoint(self, wanted: Wanted) -> dict[str, Any]:
        """A search over one model, by id."""
        connection = self.instance.connection
        domain = [*_ONLY.get(wanted.resource.name, [])]
        if wanted.since is not None:
            domain.append(_changed_since(wanted.since, _PARTS.get(wanted.resource.name, ())))
        # without this inactive records are left out, as if they were deleted
        context: dict[str, Any] = {"active_test": False}
        if connection.company is not None:
            context["company"] = connection.company
        return {
            "path": f"/{connection.database}/rest/model/{wanted.resource.object}",
            "params": {
                "f": _asked(wanted.fields),
                "s": connection.page_size,
                "o": _encoded([["id", "ASC"]]),
            },
            "headers": {"X-Tryton-Context": _encoded(context)},
            "paginator": _ById(domain),
        }

    def records(self, page: list[Any], wanted: Wanted) -> list[dict[str, Any]]:
        """Values as plain text, with what this type adds; a field that was asked for is in every record, or refused."""
        for record in page:
            _refuse_gaps(record, wanted)
        return [_plain_record(record, wanted) for record in page]

    def trouble(self, response: requests.Response, body: Any) -> Trouble | None:
        """Refusals have a status; their text is a web page, or JSON with a description."""
        status, connection = response.status_code, self.instance.connection
        words = (body.get("message"), body.get("description")) if isinstance(body, dict) else ()
        said = " ".join(str(one) for one in words if one)
        if status == requests.codes.unauthorized:
            return Trouble("the key is not that of a validated user application of REST")
        if status == requests.codes.forbidden:
            return Trouble("the user of the key may not read this model or one of its fields")
        if status == requests.codes.not_found:
            return Trouble(
                f"there is no database {connection.database!r}, or no REST API: Tryton has it from 8.2 on"
            )
        if status == requests.codes.bad_request:
            return Trouble(f"Tryton refused the request: {said or ' '.join(response.text.split())[:200]}")
        if status == requests.codes.internal_server_error and (found := _UNKNOWN.search(response.text)):
            return Trouble(
                f"Tryton knows no {found[1]!r}: no such model or field, or its module is not activated"
            )
        return None


class _ById(BasePaginator):
    """Pages by the id of the last record: what is deleted or added meanwhile shifts no page."""

    def __init__(self, domain: list[Any]) -> None:
        super().__init__()
        self.domain = domain
        self.last: int | None = None

    def init_request(self, request: requests.Request) -> None:
        """Ask for the first page."""
        request.params = {**_params(request), "d": _encoded(self.domain)}

    def update_state(self, response: requests.Response, data: list[Any] | None = None) -> None:  # noqa: ARG002
        """Remember the last id; an empty page is the end, a short one need not be."""
        found = response.json()
        if not isinstance(found, list):
            raise SourceFailed(f"the answer is no list of records: {json.dumps(found, default=str)[:200]}")
        ids = [one["id"] for one in found if isinstance(one, dict) and isinstance(one.get("id"), int)]
        if len(ids) < len(found):
            raise SourceFailed("a record has no id")
        if ids and self.last is not None and min(ids) <= self.last:
            raise SourceFailed(
                "the same page came twice, or records came out of the order that was asked for"
            )
        self._has_next_page = bool(ids)
        self.last = max(ids, default=self.last)

    def update_request(self, request: requests.Request) -> None:
        """Ask for what comes after the last id."""
        request.params = {**_params(request), "d": _encoded([*self.domain, ["id", ">", self.last]])}


def _params(request: requests.Request) -> dict[str, Any]:
    assert isinstance(request.params, dict)
    return request.params


def _asked(fields: tuple[str, ...]) -> list[str]:
    """The fields that Tryton knows, with the dates that the time of change is made of."""
    names = [one.removesuffix(_SINGLE) for one in fields if one not in _ADDED]
    dates = ["create_date", "write_date"] if CHANGED in fields else []
    return list(dict.fromkeys([*names, *dates]))


def _changed_since(since: str, parts: tuple[str, ...]) -> list[Any]:
    """Changed, or never changed and made, at or after a moment; the same for its parts."""
    moment = _moment_literal(since)
    alternatives: list[Any] = []
    for prefix in ("", *(f"{part}." for part in parts)):
        alternatives += [[f"{prefix}write_date", ">=", moment], [f"{prefix}create_date", ">=", moment]]
    return ["OR", *alternatives]


def _moment_literal(since: str) -> dict[str, Any]:
    moment = dt.datetime.fromisoformat(since).astimezone(dt.UTC)
    return {"__class__": "datetime"} | {part: getattr(moment, part) for part in _PARTS_OF_A_MOMENT}


def _encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def _refuse_gaps(record: Any, wanted: Wanted) -> None:
    for field in _asked(wanted.fields):
        if not isinstance(record, dict) or field.partition(".")[0] not in record:
            raise SourceFailed(
                f"Tryton left out the field {field!r}",
                hint="the user of the key may not read it, or not what it points to; Tryton then says nothing",
            )


def _plain_record(record: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
    """A record as raw_tryton keeps it."""
    plain = {name: _plain(value) for name, value in record.items()}
    if wanted.keys_only:
        return plain
    if CHANGED in wanted.fields:
        plain[CHANGED] = plain["write_date"] or plain["create_date"]
    plain[REFERENCE] = f"{record.get('__name__')},{record['id']}"
    for name, value in record.items():
        if isinstance(value, list):
            plain[name + _SINGLE] = value[0] if len(value) == 1 else None
    return plain


def _day(value: Mapping[str, int]) -> dt.date:
    return dt.date(value["year"], value["month"], value["day"])


def _time(value: Mapping[str, int]) -> dt.time:
    return dt.time(value["hour"], value["minute"], value["second"], value["microsecond"])


def _moment(value: Mapping[str, int]) -> dt.datetime:
    return dt.datetime.combine(_day(value), _time(value), dt.UTC)


#: class of a typed value to its text: decimals exact, days and moments (UTC) in ISO 8601
_AS_TEXT: dict[str, Callable[[dict[str, Any]], str]] = {
    "Decimal": lambda value: str(value["decimal"]),
    "date": lambda value: _day(value).isoformat(),
    "datetime": lambda value: _moment(value).isoformat(timespec="microseconds"),
    "time": lambda value: _time(value).isoformat(timespec="microseconds"),
    "timedelta": lambda value: str(Decimal(str(value["seconds"]))),
    "bytes": lambda value: "".join(str(value["base64"]).split()),
}


def _plain(value: Any) -> Any:
    """A value with Tryton's typed values as text."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "__class__" not in value:
        return {name: _plain(one) for name, one in value.items()}
    as_text = _AS_TEXT.get(value["__class__"])
    if as_text is None:
        raise SourceFailed(f"a value is of the class {value['__class__']!r}, which is not known")
    return as_text(value)
