"""Fetching from Ocean Engine: lists as JSON in the query, pages by number, spans of 30 days, errors in an HTTP 200.

Belongs here: the configuration of dlt's client, Ocean Engine's words for errors, its refresh of tokens. Does not belong
here: resources (`connectors.ocean_engine`), storing tokens (`connectors.sources.http.rotating_tokens`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import requests

from connectors.ocean_engine import SPAN
from connectors.sources.http.extractor import RestExtractor
from connectors.sources.http.parameter_sets import EachOf
from connectors.sources.http.rotating_tokens import RotatingTokenAuth, TokenFile, Tokens, field
from connectors.sources.http.session import Trouble
from connectors.sources.model import Days, Wanted

_REFRESH = "/open_api/oauth2/refresh_token/"
_WORDS = {
    40002: "a parameter is not as it has to be, or the account does not belong to the grant",
    40100: "too many requests",
    40101: "the app may not use this interface",
    40102: "the access token has ended",
    40103: "the refresh token has ended",
    40104: "the access token is missing",
    40105: "the access token is not valid",
    40107: "the refresh token is not valid, or was used before",
    40110: "too many requests",
    50000: "the system is busy, or took too long",
}
_AGAIN = {40100, 40110, 50000}
_TOKEN = {40102, 40104, 40105}


class OceanEngineExtractor(RestExtractor):
    """Reads the accounts of one grant."""

    auth: RotatingTokenAuth

    def base_url(self) -> str:
        """Address of the API."""
        return str(self.instance.connection.base_url)

    def make_auth(self) -> RotatingTokenAuth:
        """A token in a header; each refresh gives another refresh token."""
        file = TokenFile(self.instance.tokens / f"{self.instance.name}.json")
        return RotatingTokenAuth(
            file, self.secrets, self.secrets["refresh_token"], self._refreshed, _in_header
        )

    def _refreshed(self, refresh_token: str) -> Tokens:
        asked = {
            "app_id": self.secrets["app_id"],
            "secret": self.secrets["app_secret"],
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
        }
        body = self.session.post(f"{self.base_url()}{_REFRESH}", json=asked).json()
        return Tokens.given(
            str(field(body, "access_token")),
            str(field(body, "refresh_token")),
            int(field(body, "expires_in")),
        )

    def drop_token(self) -> bool:
        """The refused token is not used again."""
        return self.auth.drop()

    def endpoint(self, wanted: Wanted) -> dict[str, Any]:
        """All projects, or the report of the wanted days, of one account after the other."""
        connection = self.instance.connection
        is_report = wanted.days is not None
        sets = (
            _reports(connection.advertiser_ids, wanted) if is_report else _accounts(connection.advertiser_ids)
        )
        size = connection.page_size if is_report else connection.project_page_size
        return {
            "path": wanted.resource.object,
            "params": {"page_size": size} | (_report_of(wanted) if is_report else _ALL_PROJECTS),
            "data_selector": "data.rows" if is_report else "data.list",
            "paginator": EachOf(
                sets,
                page="page",
                pages_at="data.page_info.total_page",
                total_at="data.page_info.total_number",
            ),
        }

    def shaped(self, record: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
        """A row of a report does not say whose it is."""
        return {"advertiser_id": asked["advertiser_id"]} | record

    def trouble(self, response: requests.Response, body: Any) -> Trouble | None:
        """Errors are an HTTP 200 with a code."""
        code = body.get("code") if isinstance(body, dict) else None
        if not isinstance(code, int) or code == 0:
            return None
        sentence = f"{_WORDS.get(code, 'the request was refused')} ({code}: {body.get('message', '')})"
        is_refresh = str(response.request.url).partition("?")[0].endswith(_REFRESH)
        return Trouble(sentence, again=code in _AGAIN, token=code in _TOKEN and not is_refresh)


_ALL_PROJECTS = {"filtering": json.dumps({"status": "PROJECT_STATUS_ALL"})}


def _in_header(request: requests.PreparedRequest, token: str) -> None:
    request.headers["Access-Token"] = token


def _accounts(advertisers: list[str]) -> Iterator[dict[str, str]]:
    for one in advertisers:
        yield {"advertiser_id": one}


def _reports(advertisers: list[str], wanted: Wanted) -> Iterator[dict[str, str]]:
    days = wanted.days or Days.none()
    for span in days.spans(SPAN):
        for one in _accounts(advertisers):
            yield one | {"start_time": str(span.first), "end_time": str(span.last)}


def _report_of(wanted: Wanted) -> dict[str, str]:
    """Every parameter is required; lists are JSON."""
    named: dict[str, list[str]] = {"dimensions": [], "metrics": []}
    for path in wanted.fields:
        kind, _, name = path.partition(".")
        if kind in named and name:
            named[kind].append(name)
    return {
        "data_topic": "BASIC_DATA",
        "dimensions": json.dumps(named["dimensions"]),
        "metrics": json.dumps(named["metrics"]),
        "filters": "[]",
        "order_by": json.dumps([{"field": "stat_time_day", "type": "ASC"}]),
    }
