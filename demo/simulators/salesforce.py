"""Salesforce's REST API as far as an extraction needs it: OAuth, SOQL by query and queryAll, pages, errors as arrays.

Belongs here: that protocol. Does not belong here: records.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from typing import Any

from demo.simulators.server import Answer, Asked, Records, Simulator

_SOQL = re.compile(
    r"SELECT (?P<fields>.+?) FROM (?P<object>\w+)"
    r"(?: WHERE (?P<cursor>\w+) (?P<sign>>=|>) (?P<since>\S+))?(?: ORDER BY (?P<order>.+))?$"
)
_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_PAGE = re.compile(r"(?P<query>\w+)-(?P<start>\d+)$")


class SalesforceSimulator(Simulator):
    """An organisation that holds the records it is given, by the names of their objects.

    Args:
        records: Object, such as `Opportunity`, to its records; `Id` and the cursors must be there.
        client_id: Of the connected app.
        client_secret: Of the connected app.
        page_size: Records of a page; what a request asks for is not looked at.
        public_key: In PEM; with it the signature of a JWT is verified, without it none is taken.
        audience: Whom a JWT has to be meant for.
    """

    def __init__(
        self,
        records: Records,
        client_id: str = "simulated-client",
        client_secret: str = "simulated-secret",
        page_size: int = 2000,
        public_key: str | None = None,
        audience: str = "https://login.salesforce.com",
    ) -> None:
        super().__init__(records)
        self.client = {"client_id": client_id, "client_secret": client_secret}
        self.page_size = page_size
        self.public_key, self.audience = public_key, audience
        self.tokens: set[str] = set()
        self._queries: dict[str, list[dict[str, Any]]] = {}

    def answer(self, asked: Asked) -> Answer:
        """Login, a query, or a further page of one."""
        if asked.path == "/services/oauth2/token":
            return self._token(asked)
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _error(401, "INVALID_SESSION_ID", "Session expired or invalid")
        _, _, rest = asked.path.partition("/services/data/")
        _version, _, path = rest.partition("/")
        if path in ("query/", "queryAll/"):
            return self._query(asked, with_deleted=path == "queryAll/")
        found = _PAGE.search(path)
        if found is None or found["query"] not in self._queries:
            return _error(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        return self._page(asked.path.rpartition("/")[0], found["query"], int(found["start"]))

    def _token(self, asked: Asked) -> Answer:
        form = asked.form
        if form.get("grant_type") == "client_credentials" and not self.client.items() <= form.items():
            body = {"error": "invalid_client", "error_description": "invalid client credentials"}
            return Answer(body, 400)
        if form.get("grant_type") == _JWT and (said := self._refused(form.get("assertion", ""))):
            return Answer({"error": "invalid_grant", "error_description": said}, 400)
        token = secrets.token_hex(16)
        self.tokens.add(token)
        return Answer({"access_token": token, "instance_url": self.url, "token_type": "Bearer"})

    def _refused(self, assertion: str) -> str | None:
        """Why a JWT is not taken."""
        import jwt

        try:
            jwt.decode(
                assertion,
                self.public_key or "",
                algorithms=["RS256"],
                audience=self.audience,
                issuer=self.client["client_id"],
                options={"require": ["iss", "sub", "aud", "exp"]},
            )
        except jwt.InvalidAudienceError:
            return "audience is invalid"
        except (jwt.InvalidTokenError, ValueError):
            return "invalid assertion"
        return None

    def _query(self, asked: Asked, *, with_deleted: bool) -> Answer:
        found = _SOQL.match(" ".join(asked.query.get("q", "").split()))
        if found is None:
            return _error(400, "MALFORMED_QUERY", "unexpected token")
        if found["object"] not in self.records:
            return _error(400, "INVALID_TYPE", f"sObject type '{found['object']}' is not supported.")
        fields = [field.strip() for field in found["fields"].split(",")]
        rows = self.records[found["object"]]
        known = {key for row in rows for key in row}
        for field in fields if rows else ():
            if field.partition(".")[0] not in known:
                return _error(
                    400, "INVALID_FIELD", f"No such column '{field}' on entity '{found['object']}'."
                )
        chosen = [row for row in rows if with_deleted or not row.get("IsDeleted")]
        if found["cursor"]:
            chosen = [row for row in chosen if _is_since(row[found["cursor"]], found["sign"], found["since"])]
        for field in reversed([one.strip() for one in (found["order"] or "Id").split(",")]):
            chosen.sort(key=lambda row, by=field: str(row[by]))  # type: ignore[misc]
        number = f"01g{len(self._queries):012d}"
        self._queries[number] = [_projected(row, fields, found["object"]) for row in chosen]
        return self._page(asked.path.replace("queryAll/", "query").rstrip("/"), number, 0)

    def first_page(self, query: str) -> list[dict[str, Any]]:
        """The records of the first page of a query that was asked."""
        return self._queries[query][: self.page_size]

    def _page(self, base: str, number: str, start: int) -> Answer:
        rows = self._queries[number]
        end = start + self.page_size
        body: dict[str, Any] = {"totalSize": len(rows), "done": end >= len(rows)}
        if end < len(rows):
            body["nextRecordsUrl"] = f"{base}/{number}-{end}"
        return Answer(body | {"records": rows[start:end]}, headers={"Sforce-Limit-Info": "api-usage=18/5000"})


def _projected(row: dict[str, Any], fields: list[str], object_: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "attributes": {"type": object_, "url": f"/services/data/v63.0/sobjects/{object_}/{row['Id']}"}
    }
    for field in fields:
        head, _, inner = field.partition(".")
        value = row.get(head)
        if inner and isinstance(value, dict):
            value = {**shown.get(head, {}), inner: value.get(inner)}
        shown[head] = value
    return shown


def _is_since(value: str, sign: str, since: str) -> bool:
    moment, start = dt.datetime.fromisoformat(value), dt.datetime.fromisoformat(since)
    return moment >= start if sign == ">=" else moment > start


def _error(status: int, code: str, message: str) -> Answer:
    return Answer([{"message": message, "errorCode": code}], status)
