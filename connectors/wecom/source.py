"""Fetching from WeCom: a token by corpid and secret, contacts of some users at a time, errors in an HTTP 200.

Belongs here: the requests, WeCom's numbers for errors. Does not belong here: resources (`connectors.wecom`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import requests
from dlt.sources.helpers.rest_client.auth import AuthConfigBase
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator, SinglePagePaginator

from connectors.sources.configuration.secret_values import Secrets
from connectors.sources.errors import SourceFailed
from connectors.sources.extraction.json_text import canonical
from connectors.sources.http.extractor import RestExtractor
from connectors.sources.http.session import Trouble
from connectors.sources.model import Wanted

_WORDS = {
    40001: "the corpsecret is wrong",
    40013: "the corpid is wrong",
    40014: "the access token is not valid",
    42001: "the access token has expired",
    45009: "too many requests",
    45033: "too many requests at once",
    48002: "the application may not use this interface",
    60011: "the application may not see this department or user",
    60020: "the address of this machine is not among the application's trusted addresses",
    701008: "the users have no licence",
}
_NEW_TOKEN = {40014, 42001}
#: errors that pass, with the seconds to wait
_AGAIN = {-1: 1, 45009: 60, 45033: 2}


class WecomExtractor(RestExtractor):
    """Reads the users and contacts of one company."""

    def base_url(self) -> str:
        """Address of the API."""
        return str(self.instance.connection.address)

    def make_auth(self) -> AuthConfigBase:
        """A token in each address, asked for by corpid and secret."""
        corpid = self.instance.connection.corpid
        return _TokenInAddress(self.base_url(), corpid, self.secrets, self.session)

    def endpoints(self, wanted: Wanted) -> Iterator[dict[str, Any]]:
        """One list of users; contacts in reads of some users each."""
        connection = self.instance.connection
        if wanted.resource.name == "users":
            yield {
                "path": "/cgi-bin/user/list",
                "params": {"department_id": connection.department, "fetch_child": 1},
                "data_selector": "userlist",
                "paginator": SinglePagePaginator(),
            }
            return
        body = self.ask("/cgi-bin/externalcontact/get_follow_user_list")
        if not isinstance(body, dict) or not isinstance(body.get("follow_user"), list):
            raise SourceFailed(f"the answer has no 'follow_user': {canonical(body)[:200]}")
        users = [one for one in body["follow_user"] if one not in connection.exclude_users]
        for start in range(0, len(users), connection.users_per_request):
            asked = users[start : start + connection.users_per_request]
            yield {
                "path": "/cgi-bin/externalcontact/batch/get_by_user",
                "method": "POST",
                "json": {"userid_list": asked, "cursor": "", "limit": connection.page_size},
                "data_selector": "external_contact_list",
                "paginator": _NextCursor(),
            }

    def trouble(self, response: requests.Response, body: Any) -> Trouble | None:  # noqa: ARG002
        """Every answer has a number; users that were left out stand in `fail_info`, beside a number that says ok."""
        if not isinstance(body, dict) or "errcode" not in body:
            return None
        code = body["errcode"]
        if code == 0:
            return _left_out(body.get("fail_info") or {})
        sentence = f"{_WORDS.get(code, 'the request was refused')} ({code}: {body.get('errmsg', '')})"
        return Trouble(sentence, again=code in _AGAIN, token=code in _NEW_TOKEN, wait=_AGAIN.get(code, 0))


class _TokenInAddress(AuthConfigBase):
    """Puts the access token into the address of each request; asks for one where there is none."""

    def __init__(self, address: str, corpid: str, secrets: Secrets, session: requests.Session) -> None:
        super().__init__()
        self.address, self.corpid, self.secrets, self.session = address, corpid, secrets, session
        self.access_token: str | None = None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request, with the token of now."""
        if self.access_token is None:
            answer = self.session.get(
                f"{self.address}/cgi-bin/gettoken",
                params={"corpid": self.corpid, "corpsecret": self.secrets["corpsecret"]},
            )
            self.access_token = str(answer.json().get("access_token") or "")
            if not self.access_token:
                raise SourceFailed("the answer to the login holds no access token")
            self.secrets.hide(self.access_token)
        parts = urlsplit(str(request.url))
        query = [pair for pair in parse_qsl(parts.query) if pair[0] != "access_token"]
        query.append(("access_token", self.access_token))
        request.url = urlunsplit(parts._replace(query=urlencode(query)))
        return request


class _NextCursor(JSONResponseCursorPaginator):
    """dlt's paging by a cursor in the body, which has to move on."""

    def __init__(self) -> None:
        super().__init__(cursor_path="next_cursor", cursor_body_path="cursor")
        self.before: Any = None

    def update_state(self, response: requests.Response, data: list[Any] | None = None) -> None:
        """Where the next page begins; none where the cursor is empty.

        Raises:
            SourceFailed: It is where this page began.
        """
        super().update_state(response, data)
        if self.has_next_page and self._next_reference == self.before:
            raise SourceFailed("the same cursor came twice")
        self.before = self._next_reference


def _left_out(fail_info: dict[str, Any]) -> Trouble | None:
    """Contacts of users without a licence are missing without an error; they would look deleted."""
    users = [str(user) for one in fail_info.values() if isinstance(one, list) for user in one]
    if not users:
        return None
    return Trouble(
        f"the contacts of users were left out, for they have no licence: {', '.join(users[:5])} ({len(users)} in all); "
        "give them one, or name them under exclude_users"
    )
