"""Ocean Engine's Marketing API as far as an extraction needs it: refresh that rotates, projects, custom reports.

Belongs here: that protocol, with what it refuses. Does not belong here: records.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from typing import Any

from demo.simulators.server import Answer, Asked, Records, Simulator

_PATH = "/open_api/v3.0/"
_LONGEST = 30
_EARLIEST = dt.date(2016, 10, 26)
_REPORT = (
    "advertiser_id",
    "dimensions",
    "metrics",
    "filters",
    "order_by",
    "start_time",
    "end_time",
    "data_topic",
)


class OceanEngineSimulator(Simulator):
    """Accounts that hold what they are given: `projects`, and `reports` with a row for each project and day.

    Args:
        records: `projects` as the API gives them; `reports` with advertiser_id, dimensions and metrics, all text.
        app_id: Of the app.
        app_secret: Of the app.
        refresh_token: The first one.
        longest_page: The largest page_size that is taken.
    """

    def __init__(
        self,
        records: Records,
        app_id: str = "simulated-app",
        app_secret: str = "simulated-app-secret",
        refresh_token: str = "simulated-refresh-token",
        longest_page: int = 100,
    ) -> None:
        super().__init__(records)
        self.app = {"app_id": app_id, "secret": app_secret}
        self.refresh_token = refresh_token
        self.longest_page = longest_page
        self.tokens: set[str] = set()

    def answer(self, asked: Asked) -> Answer:
        """A refresh, a list of projects, or a report."""
        if asked.path == "/open_api/oauth2/refresh_token/":
            return self._refresh(asked.data)
        if asked.headers.get("access-token") not in self.tokens:
            return _error(40105, "access token is invalid")
        if asked.path == f"{_PATH}project/list/":
            return self._projects(asked.query)
        if asked.path == f"{_PATH}report/custom/get/":
            return self._report(asked.query)
        return _error(40002, f"no such interface {asked.path}")

    def _refresh(self, data: dict[str, Any]) -> Answer:
        if not self.app.items() <= data.items():
            return _error(40001, "app_id or secret is wrong")
        if data.get("refresh_token") != self.refresh_token:
            return _error(40107, "refresh token is invalid")
        access, self.refresh_token = secrets.token_hex(20), secrets.token_hex(20)
        self.tokens = {access}
        given = {"access_token": access, "refresh_token": self.refresh_token, "expires_in": 86400}
        return _ok(given | {"refresh_token_expires_in": 2592000})

    def _projects(self, query: dict[str, str]) -> Answer:
        mine = [
            row for row in self.records["projects"] if str(row["advertiser_id"]) == query.get("advertiser_id")
        ]
        if json.loads(query.get("filtering", "{}")).get("status") != "PROJECT_STATUS_ALL":
            mine = [row for row in mine if row.get("status") != "PROJECT_STATUS_DELETE"]
        return self._page(query, "list", sorted(mine, key=lambda row: int(row["project_id"])))

    def _report(self, query: dict[str, str]) -> Answer:
        missing = [name for name in _REPORT if name not in query]
        if missing:
            return _error(40002, f"{missing[0]}: Missing data for required field.")
        first, last = (dt.date.fromisoformat(query[name]) for name in ("start_time", "end_time"))
        if not (_EARLIEST <= first <= last and (last - first).days < _LONGEST):
            return _error(40002, "start_time, end_time: at most 30 days, from 2016-10-26 on")
        dimensions, metrics = json.loads(query["dimensions"]), json.loads(query["metrics"])
        rows = [
            row
            for row in self.records["reports"]
            if row["advertiser_id"] == query["advertiser_id"]
            and str(first) <= row["dimensions"]["stat_time_day"] <= str(last)
        ]
        for order in reversed(json.loads(query["order_by"])):
            rows.sort(key=lambda row, by=order["field"]: row["dimensions"][by])  # type: ignore[misc]
        shown = [
            {
                "dimensions": {name: row["dimensions"].get(name, "") for name in dimensions},
                "metrics": {name: row["metrics"].get(name, "0") for name in metrics},
            }
            for row in rows
        ]
        return self._page(query, "rows", shown)

    def _page(self, query: dict[str, str], name: str, rows: list[dict[str, Any]]) -> Answer:
        page, size = int(query.get("page", 1)), int(query.get("page_size", 10))
        if not 1 <= size <= self.longest_page:
            return _error(40002, f"page_size: from 1 to {self.longest_page}")
        about = {
            "page": page,
            "page_size": size,
            "total_number": len(rows),
            "total_page": -(-len(rows) // size),
        }
        return _ok({name: rows[(page - 1) * size : page * size], "page_info": about})


def _ok(data: dict[str, Any]) -> Answer:
    return Answer({"code": 0, "message": "OK", "request_id": secrets.token_hex(8), "data": data})


def _error(code: int, message: str) -> Answer:
    return Answer({"code": code, "message": message, "request_id": secrets.token_hex(8), "data": {}})
