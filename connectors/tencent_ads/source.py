"""Fetching from Tencent Ads: structures as JSON in the query, a stamp on every attempt, errors in an HTTP 200.

Belongs here: the configuration of dlt's client, Tencent's words for errors, its refresh of tokens. Does not belong
here: resources (`connectors.tencent_ads`), storing tokens (`connectors.sources.http.rotating_tokens`).
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import requests

from connectors.sources.http.extractor import RestExtractor
from connectors.sources.http.parameter_sets import EachOf
from connectors.sources.http.prompt import PromptAdapter
from connectors.sources.http.rotating_tokens import RotatingTokenAuth, TokenFile, Tokens, field
from connectors.sources.http.session import Trouble
from connectors.sources.model import Days, Wanted

_REFRESH = "/oauth/token"
_REACH = 365  # days of one request
_WORDS = {
    10000: "the system is busy",
    11000: "the access token has ended",
    11002: "the access token is not valid",
    11004: "the access token is not written as one",
    11005: "the access token is missing",
    11012: "the refresh token has ended",
    11014: "the app lacks a scope that the interface needs",
    11016: "too many requests in a second",
    11017: "too many requests in a minute",
    11018: "the requests of this day are used up",
    11019: "requests come too often",
    12000: "a parameter that every request needs is missing",
}
_WAIT = {10000: 0, 11016: 1, 11017: 60, 11019: 5}  # what passes, and after how many seconds
_TOKEN = {11000, 11002, 11004, 11005}


class TencentAdsExtractor(RestExtractor):
    """Reads the accounts of one grant."""

    auth: RotatingTokenAuth

    def base_url(self) -> str:
        """Address of the API."""
        return str(self.instance.connection.base_url)

    def make_auth(self) -> RotatingTokenAuth:
        """A token in the query; every attempt is stamped anew, for a stamp is good once and for five minutes."""
        self.session.mount(self.base_url(), _Stamping(self.instance.connection.patience.longest_answer))
        file = TokenFile(self.instance.tokens / f"{self.instance.name}.json")
        return RotatingTokenAuth(
            file, self.secrets, self.secrets["refresh_token"], self._refreshed, _in_query
        )

    def _refreshed(self, refresh_token: str) -> Tokens:
        asked = {
            "client_id": self.secrets["client_id"],
            "client_secret": self.secrets["client_secret"],
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
        }
        body = self.session.get(f"{self.base_url()}{_REFRESH}", params=asked).json()
        access_token, seconds = field(body, "access_token"), int(field(body, "access_token_expires_in"))
        following = body["data"].get("refresh_token") or refresh_token  # without another one it stays
        return Tokens.given(str(access_token), str(following), seconds)

    def drop_token(self) -> bool:
        """The refused token is not used again."""
        return self.auth.drop()

    def endpoint(self, wanted: Wanted) -> dict[str, Any]:
        """All ad groups, or the report of the wanted days, of one account after the other."""
        connection = self.instance.connection
        is_report = wanted.days is not None
        size = connection.page_size if is_report else connection.adgroup_page_size
        sets = _reports(connection.account_ids, wanted) if is_report else _adgroups(connection.account_ids)
        return {
            "path": wanted.resource.object,
            "params": {"page_size": size} | (_report_of(wanted) if is_report else _fields(wanted)),
            "data_selector": "data.list",
            "paginator": EachOf(
                sets,
                page="page",
                pages_at="data.page_info.total_page",
                total_at="data.page_info.total_number",
            ),
        }

    def shaped(self, record: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
        """Whose it is stands in the request."""
        return {"account_id": asked["account_id"]} | record

    def trouble(self, response: requests.Response, body: Any) -> Trouble | None:
        """Errors are an HTTP 200 with a code."""
        code = body.get("code") if isinstance(body, dict) else None
        if not isinstance(code, int) or code == 0:
            return None
        said = body.get("message_cn") or body.get("message") or ""
        sentence = f"{_WORDS.get(code, 'the request was refused')} ({code}: {said})"
        is_refresh = urlsplit(str(response.request.url)).path == _REFRESH
        token = code in _TOKEN and not is_refresh
        return Trouble(sentence, again=code in _WAIT, token=token, wait=_WAIT.get(code, 0))


class _Stamping(PromptAdapter):
    """Puts timestamp and nonce on what is sent, each time it is sent."""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """One attempt."""
        _with_query(request, timestamp=str(int(time.time())), nonce=secrets.token_hex(16))
        return super().send(request, *args, **options)


def _in_query(request: requests.PreparedRequest, token: str) -> None:
    _with_query(request, access_token=token)


def _with_query(request: requests.PreparedRequest, **values: str) -> None:
    """Set parameters of the query, in place of those of the same name."""
    parts = urlsplit(str(request.url))
    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in values
    ]
    request.url = urlunsplit(parts._replace(query=urlencode([*kept, *values.items()])))


def _adgroups(accounts: list[str]) -> Iterator[dict[str, str]]:
    for one in accounts:
        for is_deleted in ("false", "true"):  # a request gives either
            yield {"account_id": one, "is_deleted": is_deleted}


def _reports(accounts: list[str], wanted: Wanted) -> Iterator[dict[str, str]]:
    days = wanted.days or Days.none()
    for span in days.spans(_REACH):
        between = json.dumps({"start_date": str(span.first), "end_date": str(span.last)})
        for one in accounts:
            yield {"account_id": one, "date_range": between}


def _fields(wanted: Wanted) -> dict[str, str]:
    return {"fields": json.dumps(list(wanted.fields))}


def _report_of(wanted: Wanted) -> dict[str, str]:
    return _fields(wanted) | {
        "level": "REPORT_LEVEL_ADGROUP",
        "group_by": json.dumps(list(wanted.resource.key)),
        "order_by": json.dumps([{"sort_field": "date", "sort_type": "ASCENDING"}]),
    }
