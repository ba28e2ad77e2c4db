"""Fetching from a learning record store: in the order of storing, pages by `more`, `since` on the time of storing.

Belongs here: the configuration of dlt's client, what voiding means. Does not belong here: resources
(`connectors.xapi`), anything about records once they came.

A store no longer gives a voided statement; it gives the statement that voids it, which becomes the last version of what
it voids, deleted. Statements of all verbs are asked for, and those that are not wanted are left out here: asked for
verb by verb, an answer that is wrongly empty would look like a verb nobody used, while another one moves the cursor.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
from dlt.sources.helpers.rest_client.auth import HttpBasicAuth
from dlt.sources.helpers.rest_client.paginators import JSONLinkPaginator

from connectors.sources.http.extractor import RestExtractor
from connectors.sources.http.session import Trouble
from connectors.sources.model import Wanted
from connectors.xapi import VOIDED

_WORDS = {
    401: "the username or the password is wrong",
    403: "the client may not read statements",
    404: "there is no xAPI at the endpoint",
}


class XapiExtractor(RestExtractor):
    """Reads the statements of one store."""

    def base_url(self) -> str:
        """The endpoint."""
        return str(self.instance.connection.endpoint)

    def make_auth(self) -> HttpBasicAuth:
        """Basic authentication, as xAPI has it."""
        return HttpBasicAuth(self.secrets["username"], self.secrets["password"])

    def endpoint(self, wanted: Wanted) -> dict[str, Any]:
        """All statements, the first stored first."""
        connection = self.instance.connection
        params: dict[str, Any] = {"limit": connection.page_size, "ascending": "true"}
        if wanted.since is not None:
            params["since"] = dt.datetime.fromisoformat(wanted.since).astimezone(dt.UTC).isoformat()
        return {
            "path": wanted.resource.object,
            "params": params,
            "headers": {"X-Experience-API-Version": connection.version},
            "data_selector": "statements",
            "paginator": _More(next_url_path="more"),
        }

    def shaped(self, record: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """What voids a statement is the end of that statement."""
        object_ = record.get("object")
        if _verb(record) != VOIDED or not isinstance(object_, dict):
            return record
        return {"id": object_.get("id"), "voided": True, "voided_by": record, "stored": record.get("stored")}

    def pages(self, wanted: Wanted) -> Iterator[list[dict[str, Any]]]:
        """The wanted statements of each page; what voids one comes after it, whatever the order of the store."""
        verbs = set(self.instance.connection.verbs)
        voided: dict[str, dict[str, Any]] = {}
        for page in super().pages(wanted):
            ends = {record["id"]: record for record in page if record.get("voided") is True}
            yield [*(record for record in page if _verb(record) in verbs), *ends.values()]
            voided |= ends
        if voided:
            yield list(voided.values())

    def trouble(self, response: requests.Response, body: Any) -> Trouble | None:
        """Errors are what HTTP says."""
        words = _WORDS.get(response.status_code)
        if words is None:
            return None
        said = body.get("detail") or body.get("message") if isinstance(body, dict) else None
        return Trouble(f"{words} (HTTP {response.status_code}{f': {said}' if said else ''})")


def _verb(record: dict[str, Any]) -> Any:
    verb = record.get("verb")
    return verb.get("id") if isinstance(verb, dict) else None


class _More(JSONLinkPaginator):
    """`more` is a path on the store's host: credentials go to no other, whatever it says."""

    def update_state(self, response: requests.Response, data: list[Any] | None = None) -> None:
        """The next page, if there is one."""
        super().update_state(response, data)
        parts = urlsplit(str(self._next_reference or ""))
        self._next_reference = parts._replace(scheme="", netloc="").geturl() or None
