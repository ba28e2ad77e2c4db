"""Tencent Ads' Marketing API v3.0 as far as an extraction needs it: refresh, stamps, ad groups, daily reports.

Belongs here: that protocol, with what it refuses. Does not belong here: records.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from typing import Any
from zoneinfo import ZoneInfo

from demo.simulators.server import Answer, Asked, Records, Simulator

_CLOCK = 300  # seconds by which a timestamp may be off
_REACH = 365
_GLOBAL = ("access_token", "timestamp", "nonce")


class TencentAdsSimulator(Simulator):
    """Accounts that hold what they are given: `adgroups`, and `reports` with a row for each ad group and day.

    Args:
        records: `adgroups` as the API gives them; `reports` with account_id, date, adgroup_id and whole numbers.
        client_id: Of the app.
        client_secret: Of the app.
        refresh_token: The first one; each refresh gives another.
        longest_page: The largest page_size that is taken.
    """

    def __init__(
        self,
        records: Records,
        client_id: str = "simulated-client",
        client_secret: str = "simulated-client-secret",
        refresh_token: str = "simulated-refresh-token",
        longest_page: int = 2000,
    ) -> None:
        super().__init__(records)
        self.client = {"client_id": client_id, "client_secret": client_secret}
        self.refresh_token = refresh_token
        self.longest_page = longest_page
        self.tokens: set[str] = set()
        self.nonces: set[str] = set()

    def answer(self, asked: Asked) -> Answer:
        """A refresh, ad groups, or a report."""
        if asked.path == "/oauth/token":
            return self._refresh(asked.query)
        query = asked.query
        if any(name not in query for name in _GLOBAL):
            return _error(12000, "a global parameter is missing")
        if abs(self.now() - int(query["timestamp"])) > _CLOCK:
            return _error(12001, "timestamp is out of range")
        if query["access_token"] not in self.tokens:
            return _error(11002, "access token is invalid")
        if query["nonce"] in self.nonces or len(query["nonce"]) > 32:
            return _error(12002, "nonce is invalid or was used")
        self.nonces.add(query["nonce"])
        if asked.path == "/v3.0/adgroups/get":
            return self._adgroups(query)
        if asked.path == "/v3.0/daily_reports/get":
            return self._report(query)
        return _error(18002, f"no such interface {asked.path}")

    def _refresh(self, query: dict[str, str]) -> Answer:
        if not self.client.items() <= query.items():
            return _error(11020, "client_id or client_secret is wrong")
        if query.get("refresh_token") != self.refresh_token:
            return _error(11012, "refresh token has expired")
        access, self.refresh_token = secrets.token_hex(16), secrets.token_hex(16)
        self.tokens = {access}
        given = {"access_token": access, "refresh_token": self.refresh_token}
        return _ok(given | {"access_token_expires_in": 86400, "refresh_token_expires_in": 2592000})

    def _adgroups(self, query: dict[str, str]) -> Answer:
        is_deleted = query.get("is_deleted", "false") == "true"
        mine = [
            row
            for row in self.records["adgroups"]
            if str(row["account_id"]) == query["account_id"] and bool(row.get("is_deleted")) == is_deleted
        ]
        fields = json.loads(query["fields"])
        shown = [
            {name: row[name] for name in fields if name in row}
            for row in sorted(mine, key=lambda row: int(row["adgroup_id"]))
        ]
        return self._page(query, shown)

    def _report(self, query: dict[str, str]) -> Answer:
        missing = [name for name in ("level", "date_range", "group_by", "fields") if name not in query]
        if missing:
            return _error(18001, f"{missing[0]} is required")
        between = json.loads(query["date_range"])
        first, last = between["start_date"], between["end_date"]
        today = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()
        if not str(today - dt.timedelta(days=_REACH)) <= first <= last <= str(today):
            return _error(18001, "date_range is out of range")
        names = list(dict.fromkeys([*json.loads(query["group_by"]), *json.loads(query["fields"])]))
        rows = [
            row
            for row in self.records["reports"]
            if str(row["account_id"]) == query["account_id"] and first <= row["date"] <= last
        ]
        for order in reversed(json.loads(query.get("order_by", "[]"))):
            rows.sort(key=lambda row, by=order["sort_field"]: row[by])  # type: ignore[misc]
        return self._page(query, [{name: row[name] for name in names if name in row} for row in rows])

    def _page(self, query: dict[str, str], rows: list[dict[str, Any]]) -> Answer:
        page, size = int(query.get("page", 1)), int(query.get("page_size", 10))
        if not 1 <= size <= self.longest_page:
            return _error(18001, f"page_size: from 1 to {self.longest_page}")
        about = {
            "page": page,
            "page_size": size,
            "total_number": len(rows),
            "total_page": -(-len(rows) // size),
        }
        return _ok({"list": rows[(page - 1) * size : page * size], "page_info": about})


def _ok(data: dict[str, Any]) -> Answer:
    return Answer({"code": 0, "message": "", "message_cn": "", "data": data})


def _error(code: int, message: str) -> Answer:
    return Answer({"code": code, "message": message, "message_cn": "", "data": {}})
