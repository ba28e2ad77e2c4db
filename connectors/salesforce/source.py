"""Fetching from Salesforce: SOQL by queryAll, pages by nextRecordsUrl, OAuth by client credentials or JWT.

Belongs here: the configuration of dlt's rest_api, Salesforce's words for errors. Does not belong here: resources
(`connectors.salesforce`), anything about records once they came.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import requests
from dlt.sources.helpers.rest_client.auth import AuthConfigBase, OAuth2ClientCredentials, OAuthJWTAuth
from dlt.sources.helpers.rest_client.paginators import JSONLinkPaginator

from connectors.sources.errors import SourceFailed
from connectors.sources.http.extractor import RestExtractor
from connectors.sources.http.session import Trouble
from connectors.sources.model import Wanted

_WORDS = {
    "INVALID_SESSION_ID": "the session has ended or is not valid",
    "REQUEST_LIMIT_EXCEEDED": "the organisation's daily limit of API requests is used up",
    "INVALID_FIELD": "a field does not exist, or the user may not read it",
    "INVALID_TYPE": "an object does not exist, or the user may not read it",
    "API_DISABLED_FOR_ORG": "the API is not enabled for the user",
    "invalid_client_id": "the client_id is not known",
    "invalid_client": "the client_id or the client_secret is wrong",
    "invalid_grant": "the login was refused",
}
_AGAIN = {"SERVER_UNAVAILABLE", "UNABLE_TO_LOCK_ROW", "QUERY_TIMEOUT"}


class SalesforceExtractor(RestExtractor):
    """Reads the objects of one organisation."""

    def base_url(self) -> str:
        """Address of the organisation."""
        return str(self.instance.connection.instance_url)

    def make_auth(self) -> AuthConfigBase:
        """Client credentials, or JWT where a private key is given."""
        url = f"{self.base_url()}/services/oauth2/token"
        if "private_key" in self.secrets:
            return _JwtOfUser(
                client_id=self.secrets["client_id"],
                private_key=self.secrets["private_key"],
                auth_endpoint=url,
                session=self.session,
                username=self.instance.connection.username,
                audience=self.instance.connection.audience,
            )
        return OAuth2ClientCredentials(
            access_token_url=url,
            client_id=self.secrets["client_id"],
            client_secret=self.secrets["client_secret"],
            session=self.session,
        )

    def endpoint(self, wanted: Wanted) -> dict[str, Any]:
        """A SOQL query over one object, oldest change first."""
        connection, resource = self.instance.connection, wanted.resource
        query = f"SELECT {', '.join(wanted.fields)} FROM {resource.object}"
        if wanted.since is not None:
            query += f" WHERE {resource.cursor} >= {_literal(wanted.since)}"
        query += f" ORDER BY {resource.cursor}, Id"
        return {
            "path": f"/services/data/{connection.api_version}/queryAll/",
            "params": {"q": query},
            "headers": {"Sforce-Query-Options": f"batchSize={connection.page_size}"},
            "data_selector": "records",
            "paginator": JSONLinkPaginator(next_url_path="nextRecordsUrl"),
        }

    def total(self, body: Any) -> int | None:
        """Salesforce says on each page how many records the query has."""
        return int(body["totalSize"]) if isinstance(body, dict) and "totalSize" in body else None

    def place(self, body: Any) -> int | None:
        """The address of the next page ends with the number of records before it."""
        following = str(body.get("nextRecordsUrl") or "") if isinstance(body, dict) else ""
        number = following.rpartition("-")[2]
        return int(number) if number.isdecimal() else None

    def trouble(self, response: requests.Response, body: Any) -> Trouble | None:
        """Errors are a JSON array, whatever the status; those of the login an object."""
        first = body[0] if isinstance(body, list) and body else body
        if not isinstance(first, dict) or (response.status_code < 400 and first is body):
            return None
        code = str(first.get("errorCode") or first.get("error") or "")
        said = str(first.get("message") or first.get("error_description") or "")
        if not code:
            return None
        sentence = f"{_WORDS.get(code, 'the request was refused')} ({code}: {said})"
        return Trouble(
            sentence,
            again=code in _AGAIN or response.status_code >= 500 or response.status_code == 429,
            token=code == "INVALID_SESSION_ID",
        )

    def drop_token(self) -> bool:
        """Both flows keep their token under a name of their own."""
        name = "token" if isinstance(self.auth, OAuthJWTAuth) else "access_token"
        was_there = getattr(self.auth, name, None) is not None
        setattr(self.auth, name, None)
        return was_there


class _JwtOfUser(OAuthJWTAuth):
    """dlt's JWT flow, for a user of Salesforce."""

    def __init__(self, *, username: str, audience: str, **others: Any) -> None:
        super().__init__(**others)
        self.username, self.audience = username, audience

    def create_jwt_payload(self) -> dict[str, str | int]:
        """Who speaks for whom, for three minutes."""
        expires = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=3)
        claims = {"iss": self.client_id, "sub": self.username, "aud": self.audience}
        return {**claims, "exp": int(expires.timestamp())}

    def load_private_key(self) -> Any:
        """The key.

        Raises:
            SourceFailed: It is none.
        """
        try:
            return super().load_private_key()
        except (ValueError, TypeError):
            raise SourceFailed(
                "the secret private_key is no RSA key in PEM",
                hint="give the key that belongs to the certificate of the connected app, without a passphrase",
            ) from None


def _literal(cursor: str) -> str:
    """A moment as SOQL writes it."""
    moment = dt.datetime.fromisoformat(cursor).astimezone(dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
