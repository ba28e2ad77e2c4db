"""A learning record store as far as an extraction needs it: statements by verb and time of storing, `more`, voiding.

Belongs here: that protocol. Does not belong here: statements.
"""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from typing import Any

from demo.simulators.server import Answer, Asked, Records, Simulator

VOIDED = "http://adlnet.gov/expapi/verbs/voided"


class XapiSimulator(Simulator):
    """A store of the `statements` it is given; `stored` must be there.

    Args:
        records: `statements`.
        username: Of its client.
        password: Of its client.
        page_size: Statements of a page at most.
        hides_voided: Voided statements are no longer given, as xAPI says; Ralph 5.1 gives them.
    """

    def __init__(
        self,
        records: Records,
        username: str = "simulated-key",
        password: str = "simulated-password",
        page_size: int = 100,
        *,
        hides_voided: bool = True,
    ) -> None:
        super().__init__(records)
        self.credentials = "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
        self.page_size = page_size
        self.hides_voided = hides_voided
        self._queries: dict[str, tuple[list[dict[str, Any]], int]] = {}

    @property
    def endpoint(self) -> str:
        """Where xAPI begins."""
        return f"{self.url}/xAPI"

    def answer(self, asked: Asked) -> Answer:
        """A query, or a further page of one."""
        if asked.headers.get("authorization") != self.credentials:
            return Answer({"detail": "Invalid authentication credentials"}, 401)
        if "x-experience-api-version" not in asked.headers:
            return Answer({"detail": "Missing X-Experience-API-Version header"}, 400)
        if asked.path != "/xAPI/statements":
            return Answer({"detail": "Not Found"}, 404)
        if "more" in asked.query:
            name, _, start = asked.query["more"].partition("-")
            return self._page(name, int(start))
        name = secrets.token_hex(8)
        self._queries[name] = (self._found(asked.query), int(asked.query.get("limit", 0)))
        return self._page(name, 0)

    def void(self, statement: str, stored: str) -> None:
        """Say that a statement is not true."""
        self.records["statements"].append(
            {
                "id": f"void-{statement}",
                "actor": {"objectType": "Agent", "mbox": "mailto:admin@example.com"},
                "verb": {"id": VOIDED},
                "object": {"objectType": "StatementRef", "id": statement},
                "timestamp": stored,
                "stored": stored,
            }
        )

    def _found(self, query: dict[str, str]) -> list[dict[str, Any]]:
        rows = self.records["statements"]
        voided = {row["object"]["id"] for row in rows if self.hides_voided and row["verb"]["id"] == VOIDED}
        chosen = [row for row in rows if row["id"] not in voided]
        if "verb" in query:
            chosen = [row for row in chosen if row["verb"]["id"] == query["verb"]]
        if "since" in query:
            chosen = [row for row in chosen if _moment(row["stored"]) > _moment(query["since"])]
        if "until" in query:
            chosen = [row for row in chosen if _moment(row["stored"]) <= _moment(query["until"])]
        chosen.sort(key=lambda row: _moment(row["stored"]), reverse=query.get("ascending") != "true")
        return chosen

    def _page(self, name: str, start: int) -> Answer:
        rows, limit = self._queries[name]
        end = start + min(limit or self.page_size, self.page_size)
        body: dict[str, Any] = {"statements": rows[start:end]}
        # like Ralph, an exact multiple of the page ends in an empty one
        if rows[start:end] and end <= len(rows):
            body["more"] = f"/xAPI/statements?more={name}-{end}"
        return Answer(body, headers={"X-Experience-API-Version": "1.0.3"})


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
