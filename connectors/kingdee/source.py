"""Fetching from K3Cloud: ExecuteBillQuery in pages by key, rows made records, errors told from rows.

Belongs here: queries, K3Cloud's shapes of errors. Does not belong here: resources (`connectors.kingdee`), signatures
(`signing`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import requests
from dlt.sources.helpers.rest_client.paginators import BasePaginator

from connectors.kingdee.signing import Signed
from connectors.sources.errors import SourceFailed
from connectors.sources.http.extractor import RestExtractor
from connectors.sources.http.session import Trouble
from connectors.sources.model import Resource, Wanted

_PATH = "Kingdee.BOS.WebApi.ServicesStub.DynamicFormService.ExecuteBillQuery.common.kdsvc"
_TEXT = "response_error:"
_LOST = "会话信息已丢失"
_LOG_IN_AGAIN = 1


class KingdeeExtractor(RestExtractor):
    """Reads the forms of one account set."""

    def base_url(self) -> str:
        """Address of the server."""
        return str(self.instance.connection.address)

    def make_auth(self) -> Signed:
        """A signature in each request."""
        connection = self.instance.connection
        data = f"{connection.acct_id},{connection.username},{connection.lcid},{connection.org_num}"
        signed = Signed(self.secrets["app_id"], self.secrets["app_secret"], data, self.session)
        self.secrets.hide(signed.key)
        return signed

    def drop_token(self) -> bool:
        """Forget the server's session; the next signature begins another."""
        self.session.cookies.clear()
        return True

    def endpoints(self, wanted: Wanted) -> Iterator[dict[str, Any]]:
        """All keys; or what changed up to the newest change there is.

        A row that changes while pages are read lies behind that moment, and is read the next time.
        """
        if wanted.keys_only:
            yield self._query(wanted, [])
            return
        newest = self._newest(wanted.resource)
        if newest is None:  # no row, which tells whether the fields are there
            yield self._query(wanted, [f"{wanted.resource.key[-1]}<0"])
            return
        yield self._query(wanted, [f"{wanted.resource.cursor}<='{newest}'", *self._changed(wanted)])

    def records(self, page: list[Any], wanted: Wanted) -> list[dict[str, Any]]:
        """Rows are lists in the order of the fields; `FCustId.FNumber` is the field FNumber of FCustId.

        Raises:
            SourceFailed: A row has another number of values.
        """
        found = []
        for row in page:
            if not isinstance(row, list) or len(row) != len(wanted.fields):
                raise SourceFailed(
                    f"a row does not have the {len(wanted.fields)} fields asked for: {str(row)[:200]}"
                )
            found.append(_record(wanted.fields, row))
        return found

    def trouble(self, response: requests.Response, body: Any) -> Trouble | None:
        """Errors come in an HTTP 200: as a text, as an object, or inside the lists that rows would be in."""
        text = body if isinstance(body, str) else response.text if body is None else ""
        if text.startswith(_TEXT):
            said = " ".join(text.removeprefix(_TEXT).split())
            return Trouble(f"the request was refused ({said[:200]})", token=_LOST in text)
        inner = body
        while isinstance(inner, list) and inner:
            inner = inner[0]
        if not isinstance(inner, dict):
            return None
        status = (inner.get("Result") or {}).get("ResponseStatus") or {}
        if not status or status.get("IsSuccess") is True:
            return None
        said = "; ".join(str(error.get("Message", "")) for error in status.get("Errors") or ())
        is_lost = status.get("MsgCode") == _LOG_IN_AGAIN or _LOST in said
        return Trouble(f"the request was refused ({status.get('ErrorCode')}: {said[:200]})", token=is_lost)

    def _query(self, wanted: Wanted, conditions: list[str]) -> dict[str, Any]:
        key = wanted.resource.key[-1]
        asked = self._asked(wanted.resource, wanted.fields, f"{key} ASC", self.instance.connection.page_size)
        return {
            "path": _PATH,
            "method": "POST",
            "json": asked,
            "data_selector": "$",
            "paginator": _BehindKey(asked, conditions, key, wanted.fields.index(key)),
        }

    def _asked(self, resource: Resource, fields: tuple[str, ...], order: str, limit: int) -> dict[str, Any]:
        return {
            "data": {
                "FormId": resource.object,
                "FieldKeys": ",".join(fields),
                "FilterString": "",
                "OrderString": order,
                "TopRowCount": 0,
                "StartRow": 0,
                "Limit": limit,
                "SubSystemId": "",
            }
        }

    def _newest(self, resource: Resource) -> str | None:
        """A second after the last change of all rows, by the server's clock; None where there is no row."""
        cursor = str(resource.cursor)
        rows = self.ask(_PATH, "POST", json=self._asked(resource, (cursor,), f"{cursor} DESC", 1))
        if not isinstance(rows, list) or (rows and not (isinstance(rows[0], list) and rows[0])):
            raise SourceFailed(f"the answer holds no rows: {str(rows)[:200]}")
        if not rows or not rows[0][0]:
            return None
        return _literal(dt.datetime.fromisoformat(str(rows[0][0])) + dt.timedelta(seconds=1))

    def _changed(self, wanted: Wanted) -> list[str]:
        if wanted.since is None:
            return []
        since = _literal(dt.datetime.fromisoformat(wanted.since))
        fields = [str(wanted.resource.cursor)]
        if wanted.resource.dated:  # a bill
            fields = list(dict.fromkeys([*fields, *self.instance.connection.change_dates]))
        return ["(" + " or ".join(f"{field}>='{since}'" for field in fields) + ")"]


class _BehindKey(BasePaginator):
    """Pages in the order of the key, each behind the last key of the one before, until one is empty.

    By StartRow a row that goes, or comes, while pages are read would move all others: one of them would be skipped.
    """

    def __init__(self, asked: dict[str, Any], conditions: list[str], key: str, position: int) -> None:
        super().__init__()
        self.asked, self.conditions, self.key, self.position = asked, conditions, key, position
        self.last: str | None = None

    def init_request(self, request: requests.Request) -> None:
        """The first page."""
        self.update_request(request)

    def update_state(self, response: requests.Response, data: list[Any] | None = None) -> None:  # noqa: ARG002
        """A server may give fewer rows than it was asked for: only an empty page is the end."""
        self._has_next_page = bool(data)
        if data and isinstance(data[-1], list) and len(data[-1]) > self.position:
            self.last = str(data[-1][self.position])

    def update_request(self, request: requests.Request) -> None:
        """The query behind the last key."""
        conditions = list(self.conditions)
        if self.last is not None:
            if not self.last.isdecimal():
                raise SourceFailed(f"the key {self.key} is no number: {self.last[:50]!r}")
            conditions.append(f"{self.key}>{self.last}")
        request.json = {"data": self.asked["data"] | {"FilterString": " and ".join(conditions)}}


def _record(fields: tuple[str, ...], row: list[Any]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for field, value in zip(fields, row, strict=True):
        head, _, inner = field.partition(".")
        if not inner:
            record[head] = value
            continue
        place = record.setdefault(head, {})
        if not isinstance(place, dict):
            raise SourceFailed(f"{head} and {field} cannot both be asked for; use {head}.FNumber or the like")
        place[inner] = value
    return record


def _literal(moment: dt.datetime) -> str:
    """A moment as the filter writes it: the server's local time, without an offset."""
    return moment.replace(tzinfo=None).isoformat(sep=" ", timespec="milliseconds")
