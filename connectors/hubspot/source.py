"""Fetching from HubSpot: archived records by list, what changed by search, in pages by key.

Belongs here: the requests, HubSpot's words for errors. Does not belong here: resources (`connectors.hubspot`), how a
search goes from page to page (`paging`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import requests
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

from connectors.hubspot.paging import ByKey, WithHistory, total_of
from connectors.sources.errors import SourceFailed
from connectors.sources.extraction.json_text import canonical, value_at
from connectors.sources.http.extractor import RestExtractor
from connectors.sources.http.session import Trouble
from connectors.sources.model import Resource, Wanted

_WORDS = {
    "INVALID_AUTHENTICATION": "the access token is not valid",
    "EXPIRED_AUTHENTICATION": "the access token has expired",
    "MISSING_SCOPES": "the access token lacks a permission",
    "VALIDATION_ERROR": "the request was refused",
}
_STAGE = "dealstage"
_WITH_HISTORY = 50  # records of a page that has histories
_LISTED = 100


class HubspotExtractor(RestExtractor):
    """Reads the objects of one account.

    Attributes:
        until: Latest change that the search under way gives; the next extraction begins there.
    """

    until: str | None = None

    def base_url(self) -> str:
        """Address of the API."""
        return str(self.instance.connection.address)

    def make_auth(self) -> BearerTokenAuth:
        """The token of a private app."""
        return BearerTokenAuth(token=self.secrets["access_token"])

    def endpoints(self, wanted: Wanted) -> Iterator[dict[str, Any]]:
        """Lists of what is read whole; else what is archived, then what changed up to now by HubSpot's own clock.

        A record that changes while pages are read lies behind that moment, and is read the next time.
        """
        resource, self.until = wanted.resource, None
        if resource.write_mode == "full":
            yield self._list(wanted, is_archived=False)
            if resource.name == "owners":
                yield self._list(wanted, is_archived=True)
            return
        yield self._list(wanted, is_archived=True)
        self.until = self._newest(wanted)
        if self.until is not None:
            yield self._search(wanted, self.until)

    def records(self, page: list[Any], wanted: Wanted) -> list[dict[str, Any]]:
        """Records as they came; of a history each entry, with the deal it is of."""
        if wanted.resource.name != "deal_stage_history":
            return page
        return [
            {"id": deal["id"], "archived": deal.get("archived", False), **entry}
            for deal in page
            for entry in value_at(deal, f"propertiesWithHistory.{_STAGE}") or ()
            if self.until is None or int(_milliseconds(entry["timestamp"])) <= int(_milliseconds(self.until))
        ]

    def trouble(self, response: requests.Response, body: Any) -> Trouble | None:
        """Errors are objects with `status: error`; a limit says by its policy how long it lasts."""
        if not isinstance(body, dict):
            return Trouble("too many requests", again=True, wait=10) if response.status_code == 429 else None
        if response.status_code == 207:
            return _partly(body)
        if response.status_code < 400:
            return None
        if response.status_code == 429:
            return _limit(body)
        category = str(body.get("category", ""))
        if response.status_code == 401:
            category = category if category in _WORDS else "INVALID_AUTHENTICATION"
        said = " ".join(str(body.get("message", "")).split())
        sentence = (
            f"{_WORDS.get(category, f'the answer was HTTP {response.status_code}')} ({category}: {said})"
        )
        if response.status_code == 423:
            return Trouble(sentence, again=True, wait=2)
        return Trouble(sentence, again=response.status_code >= 500)

    def _list(self, wanted: Wanted, *, is_archived: bool) -> dict[str, Any]:
        is_history = wanted.resource.name == "deal_stage_history"
        params: dict[str, Any] = {
            "archived": str(is_archived).lower(),
            "limit": min(
                self.instance.connection.page_size,
                _WITH_HISTORY if is_history else _LISTED,
            ),
        }
        if is_history:
            params["propertiesWithHistory"] = _STAGE
        elif properties := _properties(wanted):
            params["properties"] = ",".join(properties)
        if wanted.resource.write_mode == "full" and wanted.resource.object != "owners":
            params["associations"] = "companies,deals"
        return {
            "path": "/crm/v3/owners" if wanted.resource.object == "owners" else _path(wanted.resource),
            "params": params,
            "data_selector": "results",
            "paginator": JSONResponseCursorPaginator(cursor_path="paging.next.after", cursor_param="after"),
        }

    def _search(self, wanted: Wanted, newest: str) -> dict[str, Any]:
        resource = wanted.resource
        filters = [{"propertyName": _cursor(resource), "operator": "LTE", "value": _milliseconds(newest)}]
        if wanted.since is not None:
            since = _milliseconds(wanted.since)
            filters.append({"propertyName": _cursor(resource), "operator": "GTE", "value": since})
        size = self.instance.connection.page_size
        paginator = ByKey(filters, _properties(wanted), size)
        if resource.name == "deal_stage_history":
            paginator = WithHistory(filters, min(size, _WITH_HISTORY), _path(resource), _STAGE)
        return {
            "path": f"{_path(resource)}/search",
            "method": "POST",
            "json": {},
            "data_selector": "results",
            "paginator": paginator,
        }

    def _newest(self, wanted: Wanted) -> str | None:
        """When the record that changed last did; None where there is none."""
        cursor = _cursor(wanted.resource)
        sort = {"propertyName": cursor, "direction": "DESCENDING"}
        properties = list(dict.fromkeys([cursor, *_properties(wanted)]))
        asked = {"limit": 1, "sorts": [sort], "properties": properties, "filterGroups": []}
        body = self.ask(f"{_path(wanted.resource)}/search", "POST", json=asked)
        found, there = body.get("results"), total_of(body)
        if there == 0:
            return None
        moment = value_at(found[0], f"properties.{cursor}") if found else None
        if moment is None:
            raise SourceFailed(f"the answer does not say when a record changed last: {canonical(body)[:200]}")
        return str(moment)


def _cursor(resource: Resource) -> str:
    """The property that says when a record changed last."""
    own = str(resource.cursor).removeprefix("properties.")
    return own if own != "timestamp" else "hs_lastmodifieddate"


def _path(resource: Resource) -> str:
    return f"/crm/v3/objects/{resource.object}"


def _properties(wanted: Wanted) -> list[str]:
    """The properties among the fields that are asked for."""
    prefix = "properties."
    return [field.removeprefix(prefix) for field in wanted.fields if field.startswith(prefix)]


def _milliseconds(cursor: str) -> str:
    moment = dt.datetime.fromisoformat(cursor)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return str((moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(milliseconds=1))


def _limit(body: dict[str, Any]) -> Trouble:
    """A limit of a day is not waited for; one of ten seconds, or of one, is."""
    said = str(body.get("message", ""))
    policy = str(body.get("policyName") or said).upper()
    if "DAILY" in policy:
        return Trouble(f"the account's daily limit of API requests is used up ({said})")
    wait = 1 if "SECONDLY" in policy and "TEN" not in policy else 10
    return Trouble(f"too many requests ({said})", again=True, wait=wait)


def _partly(body: dict[str, Any]) -> Trouble | None:
    """Some records of several were not given; those that are gone meanwhile are noticed by the next extraction."""
    for error in body.get("errors") or ():
        if error.get("category") != "OBJECT_NOT_FOUND":
            return Trouble(f"some records were not given ({error.get('category')}: {error.get('message')})")
    return None
