"""WeCom's API as far as an extraction needs it: tokens, users, contacts of users by cursor, errors in an HTTP 200.

Belongs here: that protocol. Does not belong here: records.
"""

from __future__ import annotations

import secrets
from typing import Any

from demo.simulators.server import Answer, Asked, Records, Simulator

_ALLOWED_USERS = 100


class WecomSimulator(Simulator):
    """A company that holds `users`, and `contacts` as batch/get_by_user gives them.

    Args:
        records: `users` and `contacts`; whoever follows a contact is a user with customer contacts.
        corpid: Of the company.
        corpsecret: Of the application.

    Attributes:
        tokens: Those that are valid.
    """

    def __init__(
        self, records: Records, corpid: str = "ww0simulated", corpsecret: str = "simulated-secret"
    ) -> None:
        super().__init__(records)
        self.corpid, self.corpsecret = corpid, corpsecret
        self.tokens: set[str] = set()
        self._cursors: dict[str, int] = {}

    def answer(self, asked: Asked) -> Answer:
        """A token, users, or a page of contacts."""
        path = asked.path.removeprefix("/cgi-bin/")
        if path == "gettoken":
            return self._token(asked)
        if asked.query.get("access_token") not in self.tokens:
            return _error(40014, "invalid access_token")
        if path == "user/list":
            return _good(userlist=self.records["users"])
        if path == "externalcontact/get_follow_user_list":
            return _good(follow_user=self._followers())
        if path == "externalcontact/batch/get_by_user" and asked.method == "POST":
            return self._contacts(asked.data)
        return _error(404, "not found")

    def _token(self, asked: Asked) -> Answer:
        if asked.query.get("corpid") != self.corpid:
            return _error(40013, "invalid corpid")
        if asked.query.get("corpsecret") != self.corpsecret:
            return _error(40001, "invalid credential")
        token = secrets.token_hex(16)
        self.tokens.add(token)
        return _good(access_token=token, expires_in=7200)

    def _followers(self) -> list[str]:
        return sorted({one["follow_info"]["userid"] for one in self.records["contacts"]})

    def _contacts(self, asked: dict[str, Any]) -> Answer:
        users = asked["userid_list"]
        if not users or len(users) > _ALLOWED_USERS:
            return _error(40058, "invalid Request Parameter, userid_list exceed max length")
        cursor = asked.get("cursor") or ""
        if cursor and cursor not in self._cursors:
            return _error(41058, "invalid cursor")
        start, size = self._cursors.get(cursor, 0), min(int(asked.get("limit", 50)), 100)
        chosen = [one for one in self.records["contacts"] if one["follow_info"]["userid"] in users]
        following = ""
        if start + size < len(chosen):
            following = secrets.token_urlsafe(12)
            self._cursors[following] = start + size
        return _good(external_contact_list=chosen[start : start + size], next_cursor=following)


def _good(**values: Any) -> Answer:
    return Answer({"errcode": 0, "errmsg": "ok", **values})


def _error(code: int, message: str) -> Answer:
    return Answer({"errcode": code, "errmsg": f"{message}, hint: [1], more info at ..."})
